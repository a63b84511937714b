# Long-running processes: one pid file and one log each. Sourced after common.sh.
# A pid file holds `pid birth tag`: birth is boot id and start time, so that a recycled pid is never taken for ours;
# tag says what was started (PLATFORM_PORT, a dash, a hash of build and settings), so that a changed one is started anew.

BOOT=$(cut -c1-8 /proc/sys/kernel/random/boot_id)

# born PID: its birth, or nothing where there is no such process (a zombie is none).
born() {
    local stat
    { read -r stat < "/proc/$1/stat"; } 2> /dev/null || return 0
    # After the name in brackets, which may hold anything: the state, and 19 fields later the start in ticks since boot.
    read -ra stat <<< "${stat##*) }"
    case ${stat[0]} in Z | X) ;; *) echo "$BOOT-${stat[19]}" ;; esac
}

# pid_of NAME: the pid of our running process, or failure.
pid_of() {
    local pid birth
    [ -r "$RUN/$1.pid" ] && read -r pid birth _ < "$RUN/$1.pid" || return 1
    [ "$(born "$pid")" = "$birth" ] && echo "$pid"
}

# tag_of NAME: what it was started as.
tag_of() { local tag; [ -r "$RUN/$1.pid" ] && read -r _ _ tag < "$RUN/$1.pid" && echo "$tag"; }

# running NAME TAG: whether it runs, and as that.
running() { pid_of "$1" > /dev/null && [ "$(tag_of "$1")" = "$2" ]; }

# ours NAME: whether it runs and holds the ports counted from PLATFORM_PORT.
ours() { pid_of "$1" > /dev/null && [[ $(tag_of "$1") == $PLATFORM_PORT-* ]]; }

# rotate NAME [MEGABYTES]: keeps a log and its predecessor below a size; copies and truncates, so the writer need not reopen it.
rotate() {
    local log=$LOGS/$1.log
    [ -f "$log" ] && (($(stat -c %s "$log") > ${2:-10} * 1048576)) || return 0
    cp "$log" "$log.1" && : > "$log"
}

# launch NAME TAG COMMAND...: starts a process in a session of its own, without our locks and our terminal.
launch() {
    local name=$1 tag=$2; shift 2
    rotate "$name"
    (
        close_locks
        echo "--- $(date -u +%FT%TZ) start" >> "$LOGS/$name.log"
        setsid "$@" < /dev/null >> "$LOGS/$name.log" 2>&1 &
        echo "$! $(born $!) $tag" > "$RUN/$name.pid.new" && mv "$RUN/$name.pid.new" "$RUN/$name.pid"
    )
}

# until_true SECONDS NAME COMMAND...: waits for a condition; gives up early when process NAME has died.
until_true() {
    local deadline=$((SECONDS + $1)) name=$2; shift 2
    until "$@" > /dev/null 2>&1; do
        pid_of "$name" > /dev/null || return 1
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

# stop NAME [SIGNAL [SECONDS]]: asks, waits, insists.
stop() {
    local name=$1 signal=${2:-TERM} pid deadline=$((SECONDS + ${3:-20}))
    if pid=$(pid_of "$name"); then
        kill -s "$signal" "$pid" 2>/dev/null || true
        while pid_of "$name" > /dev/null; do
            if ((SECONDS >= deadline)); then say "$name does not stop: killing it"; kill -s KILL "$pid" 2>/dev/null || true; deadline=$((SECONDS + 10)); fi
            sleep 0.1
        done
    fi
    rm -f "$RUN/$name.pid"
}

# tell NAME: one line for status; fails when it does not run.
tell() {
    local pid
    if pid=$(pid_of "$1"); then printf '%-14s running  pid %s\n' "$1" "$pid"; else printf '%-14s stopped\n' "$1"; return 1; fi
}
