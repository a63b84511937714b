# Shared by the scripts under deploy/: where things are, one-line errors, secrets, and processes that are ours.
# Sourced, never run. Everything the local run keeps lies under $PLATFORM_DATA.
set -euo pipefail
umask 022

DEPLOY=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
REPOSITORY=$(dirname "$DEPLOY")
PLATFORM_PORT=${PLATFORM_PORT:-8080}
PLATFORM_DATA=$(realpath -m -- "${PLATFORM_DATA:-$REPOSITORY/.data}")
RUN=$PLATFORM_DATA/run LOGS=$PLATFORM_DATA/log SECRETS=$PLATFORM_DATA/secrets

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# help_of SCRIPT: its head comment.
help_of() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$1"; }

# port OFFSET: ports are counted from PLATFORM_PORT.
port() { echo $((PLATFORM_PORT + $1)); }

check_port_setting() {
    [[ $PLATFORM_PORT =~ ^[1-9][0-9]{0,4}$ ]] && ((PLATFORM_PORT + 30 <= 65535)) ||
        die "PLATFORM_PORT is '$PLATFORM_PORT': set it to a number from 1 to 65505 (the 30 ports above it are used too)"
}

# listening PORT: whether anything answers there on loopback.
listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# need_free PORT WHAT: a port that a stranger holds is named before anything starts.
need_free() { ! listening "$1" || die "port $1 ($2) is used by another program: stop that, or set PLATFORM_PORT to another base"; }

# need_space FOLDER MEGABYTES
need_space() {
    local at=$1 free
    while [ ! -e "$at" ]; do at=$(dirname "$at"); done
    free=$(df -Pm -- "$at" | awk 'NR == 2 { print $4 }')
    ((free >= $2)) || die "only $free MB are free under $1, $2 MB are needed: free some, or set PLATFORM_DATA to another disk"
}

prepare_data() {
    check_port_setting
    mkdir -p "$PLATFORM_DATA" "$RUN" "$LOGS" 2>/dev/null || die "cannot write to $PLATFORM_DATA: set PLATFORM_DATA to a folder of yours"
    [ -d "$SECRETS" ] || (umask 077; mkdir -p "$SECRETS")
}

# locked NAME: waits until no other script holds the lock, and keeps it until this one ends. Daemons do not inherit it.
locked() {
    exec {LOCK}>"$RUN/$1.lock"
    flock -n "$LOCK" && return
    say "waiting for another $1 to finish"
    flock -w 900 "$LOCK" || die "another $1 has been running for 15 minutes: see $LOGS"
}

# secret NAME [BYTES]: random hexadecimal digits, made once, readable by their owner only.
secret() {
    local file=$SECRETS/$1
    if [ ! -s "$file" ]; then
        (umask 077; head -c "${2:-32}" /dev/urandom | od -An -tx1 | tr -d ' \n' > "$file.$$" && mv "$file.$$" "$file")
    fi
    cat "$file"
}

# drop_to USER: fills DROP with what to put before a command so that root runs it as somebody less; others run it as themselves.
# Where that user cannot reach the data folder (one under /root), he is lent the right to read, and nothing more.
drop_to() {
    DROP=()
    [ "$(id -u)" = 0 ] || return 0
    DROP=(setpriv --reuid "$1" --regid "$(id -g "$1")" --init-groups)
    local try=(sh -c 'cd "$1"' - "$PLATFORM_DATA")
    ! "${DROP[@]}" "${try[@]}" 2>/dev/null || return 0
    DROP+=(--inh-caps +dac_read_search --ambient-caps +dac_read_search)
    "${DROP[@]}" "${try[@]}" 2>/dev/null || die "user $1 cannot reach $PLATFORM_DATA: set PLATFORM_DATA to a folder outside /root"
}

# as USER COMMAND...
as() { drop_to "$1"; shift; "${DROP[@]}" "$@"; }

# own USER FOLDER...: makes folders that only this user can enter.
own() {
    local user=$1; shift
    mkdir -p "$@"; chmod 700 "$@"
    [ "$(id -u)" != 0 ] || chown "$user:" "$@"
}

# wipe_data: deletes all that is under the data folder, if it is one.
wipe_data() {
    [ -d "$SECRETS" ] && [ -d "$RUN" ] || die "$PLATFORM_DATA does not look like a data folder: nothing was deleted"
    find "$PLATFORM_DATA" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
}
