# A Postgres 15 of Debian's, only for this run: its own data, a free port of the loopback interface, a random password.

debian_postgres_url=''
debian_postgres_pid=''

start_debian_postgres() {
  local programs=/usr/lib/postgresql/15/bin home="$temp/postgres" port password
  port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
  password=$(node -p 'require("crypto").randomBytes(16).toString("hex")')
  mkdir "$home"
  echo "$password" >"$home/password"
  chown -R postgres: "$home"
  chmod 711 "$temp"
  runuser -u postgres -- "$programs/initdb" --pgdata "$home/data" --username postgres --pwfile "$home/password" \
    --auth scram-sha-256 --encoding UTF8 --locale C --no-sync >/dev/null
  (cd "$home" && exec setpriv --reuid postgres --regid postgres --clear-groups "$programs/postgres" -D "$home/data" \
    -c port="$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off) >"$temp/postgres.log" 2>&1 &
  debian_postgres_pid=$!
  debian_postgres_url="postgres://postgres:$password@127.0.0.1:$port/postgres"
  local tries
  for tries in {1..100}; do
    if "$programs/pg_isready" --quiet --host 127.0.0.1 --port "$port"; then
      PGPASSWORD=$password psql --host 127.0.0.1 --port "$port" --username postgres --tuples-only --no-align \
        --command 'select version()'
      return
    fi
    kill -0 "$debian_postgres_pid" 2>/dev/null || break
    sleep 0.1
  done
  cat "$temp/postgres.log"
  return 1
}

stop_debian_postgres() {
  [[ -n $debian_postgres_pid ]] || return 0
  kill -INT "$debian_postgres_pid" 2>/dev/null || true
  wait "$debian_postgres_pid" 2>/dev/null || true
  debian_postgres_pid=''
}
