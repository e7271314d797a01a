# Builds what is stale, and makes class paths. Sourced after toolchain.sh; messages go to stderr.

# shellcheck source=bin/jvm-flags
. "$ROOT/bin/jvm-flags"

BUILD_FOLDER=$ROOT/target
BUILD_STAMP=$BUILD_FOLDER/run.stamp
BUILD_LOG=$BUILD_FOLDER/run-build.log

# Prints the Maven modules that ./run and bin/millrace need.
build_modules() {
    local pom modules="server,query,cli"
    for pom in "$ROOT"/examples/*/pom.xml; do
        [ -f "$pom" ] && modules="$modules,examples/$(basename "$(dirname "$pom")")"
    done
    echo "$modules"
}

# Tells whether anything that the build reads has changed since the last one. Folders count too: deleting a file
# changes only its folder.
build_is_stale() {
    local module places
    [ -f "$BUILD_STAMP" ] && [ "$(cat "$BUILD_STAMP")" = "$(build_mark)" ] || return 0
    [ -n "$(server_classpath)" ] && [ -n "$(cli_classpath)" ] || return 0
    places=("$ROOT/pom.xml" "$ROOT/.mvn" "$ROOT/bin")
    for module in core gateway connect query cli dashboard server examples/*; do
        for module in "$ROOT/$module"/pom.xml "$ROOT/$module"/package*.json "$ROOT/$module"/*.config.* \
            "$ROOT/$module"/tsconfig.json "$ROOT/$module"/src/main "$ROOT/$module"/public \
            "$ROOT/$module"/fallback "$ROOT/$module"/index.html; do
            [ -e "$module" ] && places+=("$module")
        done
    done
    if [ -d "$ROOT/dashboard/src" ]; then
        places+=("$ROOT/dashboard/src")
    fi
    [ -n "$(find "${places[@]}" -newer "$BUILD_STAMP" -print 2> /dev/null | head -n 1)" ]
}

# What the start-up caches depend on beside the sources: another JDK or other flags make them useless.
build_mark() {
    echo "$JAVA_HOME $(sed -n 's/^JAVA_RUNTIME_VERSION=//p' "$JAVA_HOME/release")" \
        $JVM_FLAGS_ALL $JVM_FLAGS_SERVER $JVM_FLAGS_CLI $JVM_FLAGS_EXAMPLE
}

build_if_stale() {
    build_is_stale || return 0
    need_maven
    mkdir -p "$BUILD_FOLDER"
    if command -v flock > /dev/null 2>&1; then
        # Who comes while another builds waits, and then has nothing to do.
        exec 9> "$BUILD_FOLDER/run.lock"
        flock -n 9 || { say "Another command builds Millrace; waiting for it ..." && flock 9; }
        build_is_stale || { exec 9>&- && return 0; }
    fi
    local seconds=$SECONDS
    if [ -f "$BUILD_STAMP" ]; then
        say "Building Millrace (sources have changed) ..."
    else
        say "Building Millrace. The first time takes a few minutes, as Maven fetches libraries ..."
    fi
    trap build_interrupted INT TERM HUP
    build_mark > "$BUILD_STAMP.new"
    run_maven || build_failed
    train
    trap - INT TERM HUP
    mv "$BUILD_STAMP.new" "$BUILD_STAMP"
    exec 9>&-
    say "Built in $((SECONDS - seconds)) s."
}

TRAINING="" # the processes of the training, in the order in which they are stopped
TRAINING_FOLDER=""

build_interrupted() {
    trap '' INT TERM HUP
    [ -z "$TRAINING" ] || kill -KILL $TRAINING 2> /dev/null
    [ -z "$TRAINING_FOLDER" ] || rm -rf "$TRAINING_FOLDER"
    rm -f "$BUILD_STAMP.new"
    say "The build was interrupted."
    exit 130
}

# Runs Maven into the log and names each module as it comes.
run_maven() {
    (
        set -o pipefail
        cd "$ROOT" || exit 1
        mvn -B -Dstyle.color=never -Dmaven.test.skip=true -Dspotless.check.skip=true \
            -pl "$(build_modules)" -am package < /dev/null 2>&1 | tee "$BUILD_LOG" \
            | sed -n 's/^\[INFO\] Building Millrace \(.*\) [0-9][0-9.]*\( *\[.*\)\{0,1\}$/  \1/p' >&2
    )
}

build_failed() {
    rm -f "$BUILD_STAMP.new"
    say "The build failed:"
    if grep -q '^\[ERROR\]' "$BUILD_LOG"; then
        grep -E '^\[ERROR\] [^ ]|^\[WARNING\] .*\.java:\[' "$BUILD_LOG" \
            | grep -vE 'Help 1|re-run Maven|For more information|After correcting|mvn <args>' | head -n 40 >&2
    else
        tail -n 40 "$BUILD_LOG" >&2
    fi
    die "The whole log is in $BUILD_LOG"
}

# Prints a module's jar and its libraries as a class path; nothing if it is not built. Sorted, as the start-up caches
# hold for one order only.
module_classpath() {
    local jar path="" LC_ALL=C
    for jar in "$ROOT/$1"/target/"$2"-[0-9]*.jar; do
        case $jar in
            *-sources.jar | *-javadoc.jar | *-tests.jar) ;;
            *) [ -f "$jar" ] && path=$jar ;;
        esac
    done
    [ -n "$path" ] || return 0
    for jar in "$ROOT/$1"/target/lib/*.jar; do
        [ -f "$jar" ] && path=$path:$jar
    done
    echo "$path"
}

server_classpath() { module_classpath server millrace-server; }

cli_classpath() { module_classpath cli millrace-cli; }

# What the server loads with the first query.
query_classpath() { echo "$(echo "$ROOT"/query/target/millrace-query-[0-9]*.jar):$ROOT/query/target/lib/*"; }

example_classpath() { module_classpath "examples/$1" "millrace-example-$1"; }

# The three commands, without their arguments, as arrays: SERVER_COMMAND, CLI_COMMAND, EXAMPLE_COMMAND. The flag that
# goes with the start-up cache is given by the caller.
server_command() {
    SERVER_COMMAND=("$JAVA_HOME/bin/java" $JVM_FLAGS_ALL $JVM_FLAGS_SERVER "$@" ${MILLRACE_JAVA_OPTS:-}
        "-Dmillrace.queries=$(query_classpath)" -cp "$(server_classpath)" io.millrace.server.Main)
}

cli_command() {
    CLI_COMMAND=("$JAVA_HOME/bin/java" $JVM_FLAGS_ALL $JVM_FLAGS_CLI "$@" ${MILLRACE_JAVA_OPTS:-}
        -cp "$(cli_classpath)" io.millrace.cli.Main)
}

example_command() {
    local name=$1 main
    shift
    main=$(sed -n 's:.*<mainClass>\(.*\)</mainClass>.*:\1:p' "$ROOT/examples/$name/pom.xml")
    EXAMPLE_COMMAND=("$JAVA_HOME/bin/java" $JVM_FLAGS_ALL $JVM_FLAGS_EXAMPLE "$@" ${MILLRACE_JAVA_OPTS:-}
        -cp "$(example_classpath "$name")" "$main")
}

SERVER_CACHE=$ROOT/server/target/server.aot
CLI_CACHE=$ROOT/cli/target/cli.aot

# Sets CACHE_FLAG to what uses a start-up cache, if the last build made one. Where it does not fit after all, Java
# goes on without it; that is no news for a user.
use_cache() {
    CACHE_FLAG="-Xshare:auto"
    if [ -f "$1" ]; then
        CACHE_FLAG="-XX:AOTCache=$1"
    fi
}

# Makes the start-up caches (JEP 514): a server on a free port is given a short day's work, and the command line talks
# to it. Without them everything works, only slower to start; so a failure here is no failure of the build.
train() {
    say "  start-up caches"
    rm -f "$SERVER_CACHE" "$CLI_CACHE"
    train_all >> "$BUILD_LOG" 2>&1 || say "  (the start-up caches could not be made, see $BUILD_LOG)"
}

train_all() {
    local folder server url="" tries
    folder=$(mktemp -d "${TMPDIR:-/tmp}/millrace.XXXXXX") || return 1
    TRAINING_FOLDER=$folder
    echo "Training the start-up caches in $folder"
    server_command "-XX:AOTCacheOutput=$SERVER_CACHE"
    "${SERVER_COMMAND[@]}" --data "$folder/data" --port 0 > "$folder/out" 2>&1 < /dev/null &
    server=$!
    TRAINING=$server
    for tries in $(seq 1 300); do
        url=$(sed -n 's/^ready in .*: \(http[^ ]*\).*/\1/p' "$folder/out")
        [ -z "$url" ] && kill -0 "$server" 2> /dev/null || break
        sleep 0.1
    done
    if [ -n "$url" ]; then
        train_work "$url"
        train_kafka "$(sed -n 's/^ready in .*(Kafka: [^ ]*:\([0-9]*\)).*/\1/p' "$folder/out")"
    fi
    kill -TERM "$server" 2> /dev/null
    wait "$server"
    cat "$folder/out"
    rm -rf "$folder"
    TRAINING=""
    [ -n "$url" ] && [ -f "$SERVER_CACHE" ] && [ -f "$CLI_CACHE" ]
}

# Some batches of jobs through a queue, and events through a subscription, by curl.
train_consumers() {
    local url=$1 round place leases events
    printf 'kind: Queue\nname: training\n---\nkind: Subscription\nname: training\npattern: /training/**\n' \
        | curl -s -o /dev/null -m 10 "$url/api/v1/apply" -H 'content-type: application/yaml' --data-binary @-
    for round in $(seq 20); do
        events=$(printf ',{"specversion":"1.0","id":"'"$round"'-%s","source":"/training","type":"job","data":{"n":1}}' \
            $(seq 100))
        for place in /queues/training /events/training; do
            curl -s -o /dev/null -m 5 "$url$place" -H 'content-type: application/cloudevents-batch+json' \
                -d "[${events#,}]"
        done
        for place in /queues/training /subscriptions/training; do
            leases=$(curl -s -m 5 -X POST "$url$place/receive?max=100&wait=1s" | grep -o '"token":"[^"]*"' \
                | sed 's/.*/{&,"action":"complete"}/' | paste -s -d , -)
            curl -s -o /dev/null -m 5 "$url$place/settle" -H 'content-type: application/json' \
                -d "{\"settlements\":[$leases]}"
        done
    done
}

# What every client of Kafka's begins with: ApiVersions and Metadata, as bytes; there is no client here.
train_kafka() {
    [ -n "$1" ] || return 0
    (
        exec 7<> "/dev/tcp/127.0.0.1/$1" || exit
        printf '\0\0\0\013\0\022\0\0\0\0\0\001\0\001c' >&7
        printf '\0\0\0\017\0\003\0\001\0\0\0\002\0\001c\377\377\377\377' >&7
        timeout 5 head -c 8 <&7 > /dev/null
        sleep 1
    )
}

# A short day's work: publish, read, list.
train_work() {
    local url=$1 simulator="" name
    for name in "$ROOT"/examples/*/pom.xml; do
        name=$(basename "$(dirname "$name")")
        if [ -n "$(example_classpath "$name")" ]; then
            example_command "$name"
            "${EXAMPLE_COMMAND[@]}" --server "$url" --over http --speed 60 --port 0 < /dev/null &
            simulator=$!
            TRAINING="$simulator $TRAINING"
            break
        fi
    done
    cli_command
    "${CLI_COMMAND[@]}" --server "$url" publish /training --type training --data '{"n":1}' < /dev/null
    cli_command "-XX:AOTCacheOutput=$CLI_CACHE"
    "${CLI_COMMAND[@]}" --server "$url" read events --max 20 < /dev/null
    if command -v curl > /dev/null 2>&1; then
        curl -s -o /dev/null -m 2 "$url/tail/**?from=first"
        for name in /api/v1/streams /api/v1/status /api/v1/contexts /api/v1/server /metrics /dashboard/ \
            '/streams/events/events?max=50'; do
            curl -s -o /dev/null -m 5 "$url$name"
        done
        curl -s -o /dev/null -m 5 "$url/events/training" -H 'ce-specversion: 1.0' -H 'ce-id: 1' \
            -H 'ce-source: /training' -H 'ce-type: training' -H 'content-type: text/plain' -d hello
        train_consumers "$url"
    fi
    sleep 1
    if [ -n "$simulator" ]; then
        kill -TERM "$simulator" 2> /dev/null
        wait "$simulator"
    fi
    return 0
}
