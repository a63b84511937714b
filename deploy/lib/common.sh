# Shared by the scripts under deploy/: where things are, one-line errors, secrets, and processes that are ours.
# Sourced, never run. Everything the local run keeps lies under $PLATFORM_DATA.
set -euo pipefail
umask 022
((BASH_VERSINFO[0] >= 4)) || { echo "error: bash $BASH_VERSION is too old: install bash 4 or newer" >&2; exit 1; }

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

# locked NAME: waits until no other script holds the lock, and keeps it until this one ends.
locked() {
    exec {LOCK}>"$RUN/$1.lock"
    flock -n "$LOCK" && return
    say "waiting for another $1 to finish"
    flock -w 900 "$LOCK" || die "another $1 has been running for 15 minutes: see $LOGS"
}

# close_locks: to be said in a subshell before it starts what may outlive this script; open files other than the standard ones are closed.
close_locks() {
    local file
    for file in "/proc/$BASHPID/fd"/*; do
        file=${file##*/}
        ((file <= 2)) || exec {file}>&-
    done
}

# secret NAME [BYTES]: random hexadecimal digits, made once, readable by their owner only.
secret() {
    local file=$SECRETS/$1
    if [ ! -s "$file" ]; then
        (umask 077; head -c "${2:-32}" /dev/urandom | od -An -tx1 | tr -d ' \n' > "$file.$$" && mv "$file.$$" "$file")
    fi
    cat "$file"
}

# address_keys: the keys of guests' addresses where they were ever changed (services/comments/README.md): as given, else as kept.
address_keys() { if [ -n "${COMMENTS_ADDRESS_KEYS:-}" ]; then echo "$COMMENTS_ADDRESS_KEYS"; else cat "$SECRETS/comments-address-keys" 2> /dev/null || true; fi; }

# drop_to USER: fills DROP with what to put before a command so that root runs it as somebody less; others run it as themselves.
drop_to() { if [ "$(id -u)" = 0 ]; then DROP=(setpriv --reuid "$1" --regid "$(id -g "$1")" --init-groups); else DROP=(); fi; }

# reachable: whether what DROP stands before can enter the data folder; under /root only root can. (test -x would ask for root's own rights.)
reachable() { "${DROP[@]}" sh -c 'cd "$1"' - "$PLATFORM_DATA" 2> /dev/null; }

# own USER FOLDER...: makes folders that only this user can enter, and gives him what is in them.
own() {
    local user=$1 folder; shift
    for folder in "$@"; do
        mkdir -p "$folder"; chmod 700 "$folder"
        [ "$(id -u)" != 0 ] || [ "$(stat -c %U "$folder")" = "$user" ] || chown -R "$user:" "$folder"
    done
}

# wipe_data: deletes all that is under the data folder, if it is one.
wipe_data() {
    [ -d "$SECRETS" ] && [ -d "$RUN" ] || die "$PLATFORM_DATA does not look like a data folder: nothing was deleted"
    find "$PLATFORM_DATA" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
}
