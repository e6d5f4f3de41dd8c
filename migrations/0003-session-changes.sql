-- sessions: tells every node what to forget, on the channel latchkey_sessions: hashes of session tokens and ids of
-- accounts, separated by spaces, or * for everything. New sessions and times of last use are not told.
create function announce_session_changes() returns trigger
language plpgsql
as $$
declare
  changed text[];
begin
  if tg_op = 'TRUNCATE' then
    perform pg_notify('latchkey_sessions', '*');
    return null;
  elsif tg_table_name = 'accounts' then
    -- All columns but one, so that a new column that sessions show is not forgotten here.
    changed := array(
      select old_rows.id::text
      from old_rows
      join new_rows using (id)
      where to_jsonb(old_rows) - 'password_hash' <> to_jsonb(new_rows) - 'password_hash'
    );
  elsif tg_op = 'UPDATE' then
    changed := array(
      select encode(old_rows.token_hash, 'hex')
      from old_rows
      where not exists (
        select from new_rows
        where new_rows.id = old_rows.id
          and new_rows.token_hash = old_rows.token_hash
          and new_rows.account_id = old_rows.account_id
          and new_rows.expires_at = old_rows.expires_at
      )
    );
  else
    -- What has expired is refused by the clock of each node; sweeping it is no news.
    changed := array(
      select encode(token_hash, 'hex')
      from old_rows
      where expires_at > now()
    );
  end if;

  if cardinality(changed) > 1000 then
    perform pg_notify('latchkey_sessions', '*');
  else
    -- A notification holds 8000 bytes.
    perform pg_notify('latchkey_sessions', array_to_string(changed[first : first + 99], ' '))
    from generate_series(1, cardinality(changed), 100) as first;
  end if;
  return null;
end
$$;

create trigger announce_ended_sessions
after delete on sessions
referencing old table as old_rows
for each statement
execute function announce_session_changes();

create trigger announce_changed_sessions
after update on sessions
referencing old table as old_rows new table as new_rows
for each statement
execute function announce_session_changes();

create trigger announce_truncated_sessions
after truncate on sessions
for each statement
execute function announce_session_changes();

create trigger announce_changed_accounts
after update on accounts
referencing old table as old_rows new table as new_rows
for each statement
execute function announce_session_changes();
