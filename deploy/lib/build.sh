# Builds what runs from the sources in this repository, once per state of the sources. Sourced after common.sh.

# fingerprint FOLDER...: one hash over the names and bytes of all sources in them and of what the whole repository shares.
fingerprint() {
    cd "$REPOSITORY" && find "$@" Directory.Build.props Directory.Packages.props global.json -type f \
        -not -path '*/bin/*' -not -path '*/obj/*' -not -path '*/node_modules/*' -print0 |
        sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16
}

need_dotnet() {
    command -v dotnet > /dev/null || die "the program dotnet is missing: install the .NET SDK 10 (https://dot.net/download)"
    (cd "$REPOSITORY" && dotnet --version > /dev/null 2>&1) || die "no .NET SDK as global.json asks for: install the .NET SDK 10 (https://dot.net/download)"
}

# publish PART "FOLDER..." PROJECT...: builds projects, whose sources lie in these folders, into
# $PLATFORM_DATA/app/PART-<fingerprint>/<name of the project's folder>, unless that is there, and prints the folder PART-<fingerprint>.
# Object files lie beside it: they never meet those of a developer's build.
publish() {
    local part=$1 folders mark out log; read -ra folders <<< "$2"; shift 2
    mark=$(fingerprint "${folders[@]}") || die "the sources of $part cannot be read: ${folders[*]}"
    out=$PLATFORM_DATA/app/$part-$mark log=$LOGS/build-$part.log
    if [ ! -e "$out/.complete" ]; then
        need_dotnet; need_space "$PLATFORM_DATA" 1500
        say "building $part"
        rm -rf "$out"
        local projects; printf -v projects '%s;' "${@/#/$REPOSITORY/}"
        # Analysers have had their say before a commit. No compiler or build server stays behind.
        (close_locks; exec dotnet build "$DEPLOY/lib/publish.proj" --nologo -v minimal -tl:off -m -nodeReuse:false -p:UseSharedCompilation=false -p:RunAnalyzers=false \
            -p:TreatWarningsAsErrors=false -p:Part="$out" -p:ArtifactsPath="$PLATFORM_DATA/build" "-p:What=\"${projects%;}\"" > "$log" 2>&1) ||
            { grep -E 'error|warning' "$log" | sort -u | head -5 >&2; die "the build of $part failed: see $log"; }
        touch "$out/.complete"
    fi
    echo "$out"
}

# forget_builds PART FOLDER: deletes the builds of a part that are no longer in use.
forget_builds() {
    local old
    for old in "$PLATFORM_DATA/app/$1"-*; do [ "$old" = "$2" ] || rm -rf "$old"; done
}
