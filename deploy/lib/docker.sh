# The Docker way: docker-compose.yml with secrets of our making. Sourced after common.sh and settings.sh.
. "$DEPLOY/lib/build.sh"

STORES=(accounts articles comments notifications)
PARTS=("${STORES[@]}" web gateway)
ENVIRONMENT_FILE=$PLATFORM_DATA/compose.env

compose() {
    local name=news-platform
    [ "$PLATFORM_DATA" = "$REPOSITORY/.data" ] || name+=-$(printf %s "$PLATFORM_DATA" | sha256sum | cut -c1-8)
    docker compose -p "$name" --project-directory "$REPOSITORY" -f "$REPOSITORY/docker-compose.yml" --env-file "$ENVIRONMENT_FILE" "$@"
}

check_docker() {
    timeout 20 docker info > /dev/null 2>&1 || die "the Docker engine does not answer, and $PLATFORM_DATA belongs to a run with Docker: start the engine"
    need_space "$PLATFORM_DATA" 2000
    write_environment
    [ -n "$(compose ps -q gateway 2>/dev/null)" ] || need_free "$PLATFORM_PORT" "the gateway"
}

# All that docker-compose.yml asks for; with this file it can be used by hand, too.
write_environment() {
    local name
    {
        for name in "${STORES[@]}"; do
            entry "STORE_ROOT_PASSWORD_${name^^}" "$(secret "store-root-$name")"
            entry "STORE_PASSWORD_${name^^}" "$(secret "store-$name")"
            [ -z "${MONGODB_URI:-}" ] || entry "MONGODB_URI_${name^^}" "$(database_in "$MONGODB_URI" "$name")"
        done
        for name in admin "${PARTS[@]}"; do entry "BROKER_PASSWORD_${name^^}" "$(secret "broker-$name")"; done
        for name in "${PARTS[@]}"; do entry "SERVICE_SECRET_${name^^}" "$(secret "service-$name")"; done
        entry INTROSPECTION_SECRET "$(secret introspection)"
        entry IMPORT_SECRET "$(secret import)"
        entry GUEST_SECRET "$(secret guest)"
        [ -z "$(address_keys)" ] || entry COMMENTS_ADDRESS_KEYS "$(address_keys)"
        entry PLATFORM_ADMIN_PASSWORD "$(admin_password)"
        for name in "${SETTINGS[@]}"; do [ -z "${!name:-}" ] || entry "$name" "${!name}"; done
    } > "$ENVIRONMENT_FILE.new"
    chmod 600 "$ENVIRONMENT_FILE.new" && mv "$ENVIRONMENT_FILE.new" "$ENVIRONMENT_FILE"
}

# entry NAME VALUE: one line, taken literally.
entry() {
    [[ $2 != *[$'\'\n']* ]] || die "$1 may hold neither a quotation mark (') nor a line's end when run with Docker"
    printf "%s='%s'\n" "$1" "$2"
}

up_docker() {
    local mark; mark=$(fingerprint services gateway deploy/demo deploy/Dockerfile deploy/lib/publish.proj)
    if [ "$(cat "$PLATFORM_DATA/images" 2>/dev/null)" != "$mark" ]; then
        say "building the images"
        compose --profile demo build > "$LOGS/build.log" 2>&1 || { tail -n 5 "$LOGS/build.log" >&2; die "the images could not be built: see $LOGS/build.log"; }
        echo "$mark" > "$PLATFORM_DATA/images"
    fi
    say "starting"
    compose up -d --wait --wait-timeout 300 --remove-orphans >&2 || { compose ps -a >&2; die "not all is healthy: look with docker compose -p NAME logs"; }
}

down_docker() { [ ! -e "$ENVIRONMENT_FILE" ] || compose --profile demo down >&2; }
status_docker() {
    compose ps -a
    ! compose ps -a --format '{{.Health}}' | grep -qv '^healthy$'
}
demo_docker() { compose --profile demo run --rm -T demo >&2; }
wipe_docker() { compose --profile demo down -v >&2; wipe_data; }
