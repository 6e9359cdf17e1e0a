# A PostgreSQL server of one's own, and a standby of it where one is wanted, for as long as whoever
# started it holds the standard input open.
#
# usage: sh server.sh PROGRAMS STANDBY SETTING…
#   PROGRAMS  the folder of `initdb` and `postgres`
#   STANDBY   `none`; `synchronous`, where a commit waits until the standby has it on disk; or
#             `asynchronous`, where it does not wait
#   SETTING…  of the servers, as `name=value`
#
# It prints the folder of the server's socket once the server answers, and after a comma that of the
# standby. Then it takes commands, a line each, and says `done`:
#   kill     kills the server with SIGKILL
#   start    starts it again
#   lag      lets the standby hear nothing more from the server, until that is killed
#   promote  makes the standby the server
#   follow   makes the one that was killed the standby of the other
# When the input ends, because the other side closed it or was killed, the servers go and so does all
# that they wrote.
set -eu
programs=$1
standby=$2
shift 2
folder=$(mktemp -d "${TMPDIR:-/tmp}/runde-postgres.XXXXXX")
cd "$folder"
mkdir a b
server=a
other=b
# A process of the server's that has been stopped.
mute=

finish() {
    for name in a b; do
        [ ! -f "$folder/$name/pid" ] || kill -QUIT "$(cat "$folder/$name/pid")" 2>/dev/null || true
    done
    [ -z "$mute" ] || kill -KILL "$mute" 2>/dev/null || true
    wait
    cd /
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

fail() {
    cat "$folder/log" >&2
    exit 1
}

# Runs one of the programs, which is to say nothing.
quietly() {
    program=$1
    shift
    "$programs/$program" "$@" >>"$folder/log" 2>&1 </dev/null || fail
}

# start NAME: returns once it answers.
start() {
    name=$1
    # Those who served a killed server let go of its memory when they notice; until then a new one
    # does not start.
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        # Settings hold no spaces, and so they are split into words here.
        # shellcheck disable=SC2086
        "$programs/postgres" -D "$folder/$name/data" -k "$folder/$name" -c listen_addresses= \
            $settings >>"$folder/log" 2>&1 </dev/null &
        pid=$!
        echo "$pid" >"$folder/$name/pid"
        while kill -0 "$pid" 2>/dev/null; do
            "$programs/pg_isready" --quiet --host "$folder/$name" && return
            sleep 0.05
        done
        wait "$pid" || true
        sleep 0.2
    done
    fail
}

# ask NAME QUERY: prints the first column.
ask() {
    "$programs/psql" --host "$folder/$1" --username runde --dbname postgres -X --quiet --tuples-only \
        --no-align --command "$2" </dev/null
}

# follow NAME SERVER: returns once the standby NAME hears what is committed.
follow() {
    rm -rf "$folder/$1/data"
    quietly pg_basebackup --host "$folder/$2" --username runde --pgdata "$folder/$1/data" \
        --write-recovery-conf --checkpoint fast --wal-method stream --no-sync
    start "$1"
    heard="state = 'streaming'"
    [ "$standby" != synchronous ] || heard="$heard and sync_state = 'sync'"
    until [ "$(ask "$2" "select count(*) from pg_stat_replication where $heard")" = 1 ]; do
        sleep 0.05
    done
}

settings=
for setting in "$@"; do settings="$settings -c $setting"; done
# A standby calls itself by this name.
[ "$standby" != synchronous ] || settings="$settings -c synchronous_standby_names=walreceiver"

quietly initdb --pgdata "$folder/a/data" --username runde --auth trust --encoding UTF8 \
    --locale C.UTF-8 --no-sync
start a
sockets=$folder/a
if [ "$standby" != none ]; then
    follow b a
    sockets=$sockets,$folder/b
fi
echo "$sockets"
while read -r command; do
    case $command in
        kill)
            pid=$(cat "$folder/$server/pid")
            kill -KILL "$pid"
            [ -z "$mute" ] || kill -KILL "$mute"
            mute=
            wait "$pid" 2>/dev/null || true
            rm "$folder/$server/pid"
            ;;
        start) start "$server" ;;
        lag)
            mute=$(ask "$server" "select pid from pg_stat_replication")
            kill -STOP "$mute"
            ;;
        promote)
            quietly pg_ctl promote --pgdata "$folder/$other/data"
            killed=$server
            server=$other
            other=$killed
            ;;
        follow) follow "$other" "$server" ;;
    esac
    echo done
done
