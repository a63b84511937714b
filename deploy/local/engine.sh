# The engine's programs: Debian's postgresql-18-documentdb (in testing and unstable), downloaded with apt, unpacked into a cache
# folder that all data folders share, and run there by its own dynamic loader. Nothing is installed on the machine. Sourced.

ENGINE_VERSION=18 ENGINE_FORMAT=1       # raise the format when what is kept of the packages changes
if [ "$(id -u)" = 0 ]; then CACHE=/var/cache/news-platform; else CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/news-platform; fi
ENGINE=$CACHE/documentdb-$ENGINE_VERSION-$ENGINE_FORMAT

# The Debian mirror that this machine already uses, whatever form its sources are written in.
mirror() { apt-get --print-uris update | sed -n "s,^'\([^']*/debian\)/*dists/.*,\1,p" | head -n 1; }

engine_unpacked() {
    [ ! -e "$ENGINE/.complete" ] || return 0
    local program
    for program in apt-get dpkg-deb; do
        command -v $program > /dev/null || die "the program $program is missing: the local store needs Debian, or set MONGODB_URI to a MongoDB of yours"
    done
    mkdir -p "$CACHE" && need_space "$CACHE" 1500
    exec {CACHE_LOCK}> "$CACHE/.lock"; flock -w 900 "$CACHE_LOCK" || die "another download into $CACHE has been running for 15 minutes"
    if [ ! -e "$ENGINE/.complete" ]; then
        say "downloading the local store's engine (135 MB)"
        local work=$CACHE/work suite
        for suite in testing unstable; do
            rm -rf "$work"; mkdir -p "$work"
            engine_downloaded "$work" "$suite" > "$LOGS/engine-download.log" 2>&1 && break
            [ "$suite" = testing ] || die "Debian's package postgresql-$ENGINE_VERSION-documentdb could not be downloaded: see $LOGS/engine-download.log"
        done
        engine_kept "$work/root" > "$LOGS/engine-unpack.log" 2>&1 || die "the engine could not be unpacked: see $LOGS/engine-unpack.log"
        rm -rf "$ENGINE" && mv "$work/root" "$ENGINE" && touch "$ENGINE/.complete"
        rm -rf "$work"
    fi
    exec {CACHE_LOCK}>&-
}

# engine_downloaded FOLDER SUITE: unpacks the package and all it needs into FOLDER/root, with an apt state of its own.
engine_downloaded() {
    local work=$1 suite=$2 source deb
    source=$(mirror); [ -n "$source" ] || { echo "apt knows no Debian mirror"; return 1; }
    mkdir -p "$work"/{etc,lists/partial,cache/archives/partial,root}; : > "$work/status"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $source $suite main" > "$work/etc/sources.list"
    local apt=(apt-get -q -y -o Dir::Etc="$work/etc" -o Dir::Etc::SourceParts=/dev/null -o Dir::State="$work" -o Dir::State::status="$work/status"
        -o Dir::Cache="$work/cache" -o APT::Sandbox::User= -o Debug::NoLocking=1 -o APT::Update::Post-Invoke::= -o DPkg::Post-Invoke::= -o Acquire::Languages=none)
    "${apt[@]}" update || return 1
    "${apt[@]}" --no-install-recommends --download-only install "postgresql-$ENGINE_VERSION-documentdb" tzdata || return 1
    for deb in "$work"/cache/archives/*.deb; do dpkg-deb -x "$deb" "$work/root" || return 1; done
}

# engine_kept FOLDER: keeps of the unpacked packages what the server loads, and makes bin/ with programs that start by its own loader.
engine_kept() {
    set -e
    local root=$1 triplet loader server library
    case $(dpkg --print-architecture) in
        amd64) triplet=x86_64-linux-gnu loader=usr/lib64/ld-linux-x86-64.so.2 ;;
        arm64) triplet=aarch64-linux-gnu loader=usr/lib/ld-linux-aarch64.so.1 ;;
        *) echo "no engine for this processor"; return 1 ;;
    esac
    server=usr/lib/postgresql/$ENGINE_VERSION
    cd "$root"
    ln -sf postgis-3.control "usr/share/postgresql/$ENGINE_VERSION/extension/postgis.control"     # the package leaves this to update-alternatives
    mkdir keep
    for library in "$server"/bin/{postgres,initdb,psql} "$server"/lib/{pg_documentdb*,pg_cron,vector,postgis-3,tsm_system_rows,plpgsql,dict_snowball}.so; do
        "$loader" --library-path "$root/usr/lib/$triplet:$root/$server/lib" --list "$library" || true
    done | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | sort -u | while read -r library; do
        case $library in "$root/usr/lib/$triplet/"*) cp -L "$library" keep/ ;; esac
    done
    cp -L "$loader" keep/ld.so
    rm -rf "usr/lib/$triplet" usr/share/{doc,man,locale,perl,gdal} usr/sbin usr/bin usr/lib64 usr/lib/ld-linux* bin
    mv keep lib-own; mkdir bin; rm -rf lib lib64 sbin etc var
    mv lib-own lib
    local program
    for program in postgres initdb psql; do         # initdb starts postgres: each must enter by the loader, under its own name
        mv "$server/bin/$program" "$server/bin/$program.bin"
        printf '#!/bin/sh\nexec "%s" --argv0 "%s" --library-path "%s" "%s" "$@"\n' "$ENGINE/lib/ld.so" "$ENGINE/$server/bin/$program" \
            "$ENGINE/lib:$ENGINE/$server/lib" "$ENGINE/$server/bin/$program.bin" > "$server/bin/$program"
        chmod 755 "$server/bin/$program"
        ln -s "../$server/bin/$program" "bin/$program"
    done
}
