# One run of the test runner, and its counts.

# run_tests <coverage|''> <command>: prints a line per test file, all of what failed, and the coverage if asked for.
run_tests() {
  local tap="$temp/run.tap" log="$temp/run.log" status=0 counts pass fail left
  rm -f "$tap" "$log"
  TAP_OUTPUT_FILE="$tap" bash -c "$2" >"$log" 2>&1 || status=$?
  grep -asE '^(not )?ok ' "$tap" || true
  [[ $1 != coverage ]] || grep -aE '^-+\||\|.*\|.*\|' "$log" || true

  if ! counts=$(node .ci/count-tests.js "$tap"); then
    tail -n 60 "$log"
    echo "$counts"
    return 1
  fi
  read -r pass fail left <<<"$counts"
  passed=$((passed + pass))
  failed=$((failed + fail))
  echo "$pass passed, $fail failed, $left skipped or put off ($2)"
  if ((fail > 0 || status != 0)); then
    grep -aE -A 40 '^ *not ok ' "$tap" | head -n 400 || true
    tail -n 20 "$log"
    echo "The test command ended with $status."
    return 1
  fi
  if ((left > 0)); then
    grep -aE '# (SKIP|TODO)' "$tap" || true
    echo 'Nothing may be skipped here.'
    return 1
  fi
}
