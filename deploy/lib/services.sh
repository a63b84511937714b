# The platform's own processes in the local run. Sourced after common.sh, processes.sh and build.sh.

SERVICES=(accounts articles comments notifications web gateway)
declare -A PROJECT=([accounts]=services/accounts/Platform.Accounts [articles]=services/articles/Platform.Articles [comments]=services/comments/Platform.Comments
    [notifications]=services/notifications/Platform.Notifications [web]=services/web/Platform.Web [gateway]=gateway/Platform.Gateway)
declare -A OFFSET=([gateway]=0 [accounts]=1 [articles]=2 [comments]=3 [notifications]=4 [web]=5)
service_url() { echo "http://127.0.0.1:$(port "${OFFSET[$1]}")"; }
service_port() { port "${OFFSET[$1]}"; }

# Every port that the local run listens on must be free, or ours.
check_ports() {
    local service
    for service in "${SERVICES[@]}"; do
        ours "$service" && continue
        need_free "$(service_port "$service")" "$service"
        need_free "$(port $((10 + OFFSET[$service])))" "the metrics of $service"
    done
    [ -n "${MONGODB_URI:-}" ] || ours store-gateway || need_free "$(port 20)" "the store"
    if [ -z "${RABBITMQ_URI:-}" ]; then
        ours broker || { need_free "$(port 21)" "the broker"; need_free "$(port 22)" "the broker's management"; need_free "$(port 23)" "the broker's distribution"; }
        ours epmd || need_free "$(port 24)" "the broker's name server"
    fi
}

database_uri() { if [ -n "${MONGODB_URI:-}" ]; then database_in "$MONGODB_URI" "$1"; else "$DEPLOY/local/store" uri "$1"; fi; }
broker_uri() { if [ -n "${RABBITMQ_URI:-}" ]; then echo "$RABBITMQ_URI"; else "$DEPLOY/local/broker" uri "$1"; fi; }

# environment_of SERVICE: NAME=value lines of all that it is told.
environment_of() {
    local service=$1 name
    echo "ASPNETCORE_URLS=$(service_url "$service")"
    echo "METRICS_URL=http://127.0.0.1:$(port $((10 + OFFSET[$service])))"
    echo "SERVICE_SECRET=$(secret "service-$service")"
    for name in accounts articles comments notifications web; do echo "${name^^}_URL=$(service_url $name)"; done
    for name in PLATFORM_DATA "${SETTINGS[@]}"; do [ -z "${!name:-}" ] || echo "$name=${!name}"; done
    case $service in accounts | articles | comments | notifications) echo "MONGODB_URI=$(database_uri "$service")" ;; esac
    echo "RABBITMQ_URI=$(broker_uri "$service")"
    case $service in accounts | gateway) echo "INTROSPECTION_SECRET=$(secret introspection)" ;; esac
    case $service in articles | comments) echo "IMPORT_SECRET=$(secret import)" ;; esac
    case $service in comments | notifications) echo "GUEST_SECRET=$(secret guest)" ;; esac
    case $service in comments) [ -z "$(address_keys)" ] || echo "COMMENTS_ADDRESS_KEYS=$(address_keys)" ;; esac
    case $service in accounts) echo "PLATFORM_ADMIN_PASSWORD=$(admin_password)" ;; esac
}

# start_service SERVICE APP: starts it where it does not run, or was started from another build or with other settings.
start_service() {
    local service=$1 app=$2 line tag environment
    environment=$(environment_of "$service")
    tag=$PLATFORM_PORT-$(printf '%s\n%s' "$app" "$environment" | sha256sum | cut -c1-16)
    ! running "$service" "$tag" || return 0
    stop "$service"
    (
        unset MONGODB_URI RABBITMQ_URI PLATFORM_ADMIN_PASSWORD      # what our own caller was told; a service is told its own below
        while IFS= read -r line; do export "${line?}"; done <<< "$environment"
        # Small heaps: give back what a burst took.
        export DOTNET_GCConserveMemory=5 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
        launch "$service" "$tag" env -C "$app/$service" dotnet "$app/$service/$(basename "${PROJECT[$service]}").dll"
    )
}

# http_status PORT PATH: the status code of a GET on loopback; nothing where nobody answers.
http_status() {
    local line
    { exec {HTTP}<> "/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || return 0
    { printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$2" >&"$HTTP"; } 2>/dev/null || true
    read -r -t 5 line <&"$HTTP" || true
    exec {HTTP}>&-
    [[ ${line:-} =~ ^HTTP/[0-9.]+\ ([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

ready() { [ "$(http_status "$(service_port "$1")" /health/ready)" = 200 ]; }

# await_services SECONDS: waits for all to be ready, telling of each.
await_services() {
    local deadline=$((SECONDS + $1)) waiting=("${SERVICES[@]}") still service
    while ((${#waiting[@]})); do
        still=()
        for service in "${waiting[@]}"; do
            if ready "$service"; then
                say "  $service is ready"
            elif ! pid_of "$service" > /dev/null; then
                tail -n 5 "$LOGS/$service.log" >&2
                die "$service ended as soon as it was started: see $LOGS/$service.log"
            else
                still+=("$service")
            fi
        done
        waiting=("${still[@]}")
        ((${#waiting[@]} == 0)) || { ((SECONDS < deadline)) || die "not ready after $1 s: ${waiting[*]}; see $LOGS"; sleep 0.2; }
    done
}

# stop_services: all at once, then waits for each.
stop_services() {
    local service pid
    for service in "${SERVICES[@]}"; do ! pid=$(pid_of "$service") || kill "$pid" 2>/dev/null || true; done
    for service in gateway web notifications comments articles accounts; do stop "$service"; done
}
