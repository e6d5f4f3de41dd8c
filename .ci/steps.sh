# Steps with a heading and their time, and the end of the whole run.

unset DATABASE_URL TEST_DATABASE_URL PORT HOST DATA_FOLDER PUBLIC_URL FORCE_COLOR
export CI=true NO_COLOR=1 npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false
# Patience for a machine that has other things to do.
export TAP_TIMEOUT=600
exec </dev/null

passed=0
failed=0
finished=false
current='nothing yet'
temp=$(mktemp -d)

# step <heading> <command…>: a command that changes the folder does so for itself only. Never called where a failure
# is caught: bash would then go on after a failed line of the command.
step() {
  current=$1
  local began=$SECONDS
  printf '\n=== %s\n' "$current"
  shift
  if [[ $1 == run_tests || $1 == start_debian_postgres ]]; then "$@"; else ("$@"); fi
  printf -- '--- %d s\n' $((SECONDS - began))
}

leave() {
  trap - EXIT
  stop_debian_postgres || true
  rm -rf "$temp"
  if [[ $finished != true ]]; then
    ((failed > 0)) || failed=1
    printf '\nStopped: "%s" failed.\n' "$current"
  fi
  printf '\n%d s in all\n%d passed, %d failed\n' "$SECONDS" "$passed" "$failed"
  ((failed == 0)) && exit 0 || exit 1
}
trap leave EXIT
trap 'exit 1' INT TERM
