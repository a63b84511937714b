# The local way: store and broker from Debian's packages, services as processes. Sourced after common.sh and settings.sh.
. "$DEPLOY/lib/processes.sh"
. "$DEPLOY/lib/build.sh"
. "$DEPLOY/lib/services.sh"

check_local() {
    local program
    [ "$(uname -s)" = Linux ] || die "without Docker the platform runs on Linux only: install Docker"
    for program in flock setsid setpriv sha256sum awk; do command -v $program > /dev/null || die "the program $program is missing: install util-linux, coreutils and mawk"; done
    need_dotnet
    need_space "$PLATFORM_DATA" 2000
    check_ports
}

build_services() {
    local projects=() service
    for service in "${SERVICES[@]}"; do projects+=("${PROJECT[$service]}.csproj"); done
    publish services "services gateway" "${projects[@]}"
}

# Store and broker, those of them that are not given from outside.
start_infrastructure() {
    local store='' code=0
    if [ -z "${MONGODB_URI:-}" ]; then "$DEPLOY/local/store" up & store=$!; fi
    if [ -z "${RABBITMQ_URI:-}" ]; then "$DEPLOY/local/broker" up || code=1; fi
    [ -z "$store" ] || wait "$store" || code=1
    return $code
}

up_local() {
    local infrastructure service
    start_infrastructure & infrastructure=$!
    APP=$(build_services) || { wait $infrastructure || true; exit 1; }
    wait $infrastructure || exit 1
    say "starting"
    for service in "${SERVICES[@]}"; do start_service "$service" "$APP"; done
    await_services 180
    forget_builds services "$APP"
    # Settings and build are the watcher's too; it is started last, and anew each time.
    stop watch
    launch watch - "$DEPLOY/local/watch" "$APP"
}

down_local() {
    stop watch
    stop_services
    "$DEPLOY/local/infra" down
}

status_local() {
    local service code=0
    for service in "${SERVICES[@]}"; do
        if tell "$service" > "$RUN/told"; then
            if ready "$service"; then echo "$(cat "$RUN/told")  ready"; else echo "$(cat "$RUN/told")  not ready"; code=1; fi
        else
            cat "$RUN/told"; code=1
        fi
    done
    rm -f "$RUN/told"
    tell watch || code=1
    [ -n "${MONGODB_URI:-}" ] || "$DEPLOY/local/store" status || code=1
    [ -n "${RABBITMQ_URI:-}" ] || "$DEPLOY/local/broker" status || code=1
    return $code
}

demo_local() {
    local app; app=$(publish demo deploy/demo deploy/demo/Platform.Demo.csproj) || exit 1
    forget_builds demo "$app"
    PLATFORM_URL=$(service_url gateway) PLATFORM_ADMIN_PASSWORD=$(admin_password) dotnet "$app/demo/Platform.Demo.dll" >&2 || exit 1
}

wipe_local() { wipe_data; }
