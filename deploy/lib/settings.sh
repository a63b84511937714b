# The settings of the whole platform (its public contract's section "Running it"), checked before anything starts. Sourced after common.sh.

# Those that services are told as they are.
SETTINGS=(PLATFORM_PORT PLATFORM_PUBLIC_URL PLATFORM_LANGUAGES PLATFORM_ADMIN_EMAIL PLATFORM_RATE_READS PLATFORM_RATE_WRITES PLATFORM_ALLOWED_NETWORKS
    SMTP_URI MAIL_FROM DKIM_DOMAIN DKIM_SELECTOR DKIM_KEY_FILE MAIL_DOMAIN_LIMITS MAIL_WARMUP BOUNCE_SECRET OTEL_EXPORTER_OTLP_ENDPOINT
    COMMENTS_REPORTS_HOLD COMMENTS_MAX_STREAMS COMMENTS_SCORER_URL COMMENTS_SCORER_KEY COMMENTS_SCORER_TIMEOUT)

check_settings() {
    check_port_setting
    export PLATFORM_PORT PLATFORM_DATA
    export PLATFORM_PUBLIC_URL=${PLATFORM_PUBLIC_URL:-http://localhost:$PLATFORM_PORT}
    export PLATFORM_LANGUAGES=${PLATFORM_LANGUAGES:-ar,en}
    export PLATFORM_ADMIN_EMAIL=${PLATFORM_ADMIN_EMAIL:-admin@newsroom.example}
    PLATFORM_PUBLIC_URL=${PLATFORM_PUBLIC_URL%/}

    setting PLATFORM_PUBLIC_URL '^https?://[^][:space:]/?#@]+(/[^][:space:]?#]*)?$' 'an address such as https://news.example'
    setting PLATFORM_LANGUAGES '^[a-z]{2,3}(,[a-z]{2,3})*$' 'language codes with commas between them, the first being the site'\''s own: ar,en'
    setting PLATFORM_ADMIN_EMAIL '^[^[:space:]@]+@[^[:space:]@]+\.[^[:space:]@]+$' 'an e-mail address'
    setting PLATFORM_ADMIN_PASSWORD '^.{12,}$' 'a password of at least 12 characters'
    setting MONGODB_URI '^mongodb(\+srv)?://[^[:space:]]+$' 'a MongoDB connection string: mongodb://user:password@host:27017'
    setting RABBITMQ_URI '^amqps?://[^[:space:]]+$' 'an AMQP connection string: amqp://user:password@host:5672/vhost'
    setting SMTP_URI '^smtps?://([^[:space:]@/]+@)?[^[:space:]@/]+/?$' 'smtp://user:password@host:port'
    setting MAIL_FROM '^([^<>]*<)?[^[:space:]@<>]+@[^[:space:]@<>]+>?$' 'an address such as News <news@news.example>'
    setting PLATFORM_RATE_READS '^[0-9]{1,9}$' 'a number of requests per 10 s and client; 0 switches the limit off'
    setting PLATFORM_RATE_WRITES '^[0-9]{1,9}$' 'a number of requests per 10 s and client; 0 switches the limit off'
    setting PLATFORM_ALLOWED_NETWORKS '^[0-9a-fA-F.:]+/[0-9]{1,3}([, ]+[0-9a-fA-F.:]+/[0-9]{1,3})*$' 'networks with commas between them: 10.0.0.0/8,fd00::/8'
    setting MAIL_DOMAIN_LIMITS '^[^=,/[:space:]]+=[0-9]+/[0-9]+(, *[^=,/[:space:]]+=[0-9]+/[0-9]+)*$' 'domain=at once/per minute with commas between them: example.com=2/600,*=20/6000'
    setting MAIL_WARMUP '^[0-9]{4}-[0-9]{2}-[0-9]{2}=[0-9]+$' 'the first day and its number of mails: 2026-01-31=500'
    setting BOUNCE_SECRET '^.{16,}$' 'at least 16 characters'
    setting OTEL_EXPORTER_OTLP_ENDPOINT '^https?://[^[:space:]]+$' 'an address such as http://127.0.0.1:4317'
    if [ -n "${DKIM_DOMAIN:-}${DKIM_SELECTOR:-}${DKIM_KEY_FILE:-}" ]; then
        [ -n "${DKIM_DOMAIN:-}" ] && [ -n "${DKIM_SELECTOR:-}" ] && [ -n "${DKIM_KEY_FILE:-}" ] || die "DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE belong together: set all three or none"
        DKIM_KEY_FILE=$(realpath -m -- "$DKIM_KEY_FILE")   # read from another folder, or mounted into a container
        [ -r "$DKIM_KEY_FILE" ] || die "DKIM_KEY_FILE is '$DKIM_KEY_FILE', which cannot be read: set it to the file that holds the private key"
    fi
}

# setting NAME EXPRESSION WHAT: an empty one counts as not set; its value is not repeated, for it may hold a password.
setting() {
    local value=${!1:-}
    [ -z "$value" ] || [[ $value =~ $2 ]] || die "$1 is not right: set it to $3"
}

# Which way to run: Docker Compose where an engine answers, else local. A run that has data keeps to its way.
choose_way() {
    if [ -s "$PLATFORM_DATA/way" ]; then WAY=$(cat "$PLATFORM_DATA/way"); return; fi
    WAY=local
    if command -v docker > /dev/null && timeout 5 docker info --format '{{.ServerVersion}}' > /dev/null 2>&1 && timeout 5 docker compose version > /dev/null 2>&1; then WAY=docker; fi
}

# The administrator's password: the one that is set, else one made once.
admin_password() { if [ -n "${PLATFORM_ADMIN_PASSWORD:-}" ]; then echo "$PLATFORM_ADMIN_PASSWORD"; else secret admin-password 10; fi; }

# database_in URI SERVICE: a MongoDB connection string with the service's own database in the place of the one it names.
database_in() {
    local scheme=${1%%://*} rest=${1#*://} options='' named='' hosts
    [[ $rest != *\?* ]] || { options=${rest#*\?}; rest=${rest%%\?*}; }
    hosts=${rest%%/*}
    [[ $rest != */* ]] || named=${rest#*/}
    # The database that was named is also where its user is kept.
    [[ $hosts != *@* || $options == *authSource=* ]] || options=${options:+$options&}authSource=${named:-admin}
    echo "$scheme://$hosts/$2${options:+?$options}"
}
