# Finds what Millrace is built and run with. Sourced; works with the bash 3.2 of macOS.
#
# Expects ROOT, the checkout's folder.

JDK_WANTED=25

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$@"
    exit 1
}

# Prints the feature version of the JDK in a folder; nothing if there is none.
jdk_version() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 0
    sed -n 's/^JAVA_VERSION="\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' "$1/release"
}

# Prints the folder of the JDK that `java` on the PATH belongs to, following links.
jdk_on_path() {
    local file target hops=0
    file=$(command -v javac) || return 0
    while [ -L "$file" ] && [ $hops -lt 20 ]; do
        target=$(readlink "$file")
        case $target in
            /*) file=$target ;;
            *) file=$(dirname "$file")/$target ;;
        esac
        hops=$((hops + 1))
    done
    dirname "$(dirname "$file")"
}

# Sets JAVA_HOME to a JDK that is new enough: the one that is set, the one on the PATH, or the oldest that suffices
# of those in the usual folders.
find_jdk() {
    local folder version best="" best_version=999
    for folder in "${JAVA_HOME:-}" "$(jdk_on_path)"; do
        version=$(jdk_version "$folder")
        if [ -n "$version" ] && [ "$version" -ge $JDK_WANTED ]; then
            export JAVA_HOME=$folder
            return 0
        fi
    done
    for folder in /usr/lib/jvm/* /usr/java/* /opt/* /opt/*/jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home "${HOME:-/}"/.sdkman/candidates/java/* \
        "${HOME:-/}"/.jdks/* "${HOME:-/}"/.jdks/*/Contents/Home; do
        version=$(jdk_version "$folder")
        if [ -n "$version" ] && [ "$version" -ge $JDK_WANTED ] && [ "$version" -lt $best_version ]; then
            best=$folder
            best_version=$version
        fi
    done
    if [ -z "$best" ]; then
        say "Millrace needs a JDK $JDK_WANTED or newer, and none was found in JAVA_HOME, on the PATH or in the usual folders."
        if [ -n "${JAVA_HOME:-}" ]; then
            version=$(jdk_version "$JAVA_HOME")
            say "JAVA_HOME is $JAVA_HOME, which is ${version:+JDK }${version:-no JDK}."
        fi
        say "Install one, for instance Eclipse Temurin (https://adoptium.net) or with 'sdk install java 25-tem'" \
            "or 'brew install openjdk', or set JAVA_HOME."
        exit 1
    fi
    export JAVA_HOME=$best
}

need_maven() {
    command -v mvn > /dev/null 2>&1 && return 0
    say "Millrace is built with Maven 3.8 or newer, and there is no mvn on the PATH."
    say "Install it, for instance with 'apt-get install maven', 'brew install maven' or from https://maven.apache.org."
    exit 1
}
