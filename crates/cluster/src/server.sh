# A PostgreSQL server of one's own, for as long as whoever started it holds the standard input open.
#
# usage: sh server.sh PROGRAMS SETTING…
#   PROGRAMS  the folder of `initdb` and `postgres`
#   SETTING…  of the server, as `name=value`
#
# It prints the folder of the server's socket once the server answers. Then it takes commands, a line
# each, and says `done`: `kill` kills the server with SIGKILL, `start` starts it again. When the input
# ends, because the other side closed it or was killed, the server goes and so does all it wrote.
set -eu
programs=$1
shift
folder=$(mktemp -d "${TMPDIR:-/tmp}/runde-postgres.XXXXXX")
cd "$folder"
server=

finish() {
    [ -z "$server" ] || kill -QUIT "$server" 2>/dev/null || true
    wait
    cd /
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

start() {
    # Those who served a killed server let go of its memory when they notice; until then a new one
    # does not start.
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        "$programs/postgres" -D "$folder/data" "$@" >>"$folder/log" 2>&1 </dev/null &
        server=$!
        while kill -0 "$server" 2>/dev/null; do
            "$programs/pg_isready" --quiet --host "$folder" && return
            sleep 0.05
        done
        wait "$server" || true
        sleep 0.2
    done
    cat "$folder/log" >&2
    exit 1
}

"$programs/initdb" --pgdata "$folder/data" --username runde --auth trust --encoding UTF8 \
    --locale C.UTF-8 --no-sync >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
settings=
for setting in "$@"; do settings="$settings -c $setting"; done
# Settings hold no spaces, and so they are split into words here.
# shellcheck disable=SC2086
set -- -k "$folder" -c listen_addresses= $settings

start "$@"
echo "$folder"
while read -r command; do
    case $command in
        kill) kill -KILL "$server"; wait "$server" || true; server= ;;
        start) start "$@" ;;
    esac
    echo done
done
