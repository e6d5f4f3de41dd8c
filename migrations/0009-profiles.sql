-- accounts: what people tell of themselves; every account has a row from its beginning.
create table profiles (
  account_id uuid primary key references accounts on delete cascade,
  display_name text,
  tutorial_finished_at timestamptz
);

insert into profiles (account_id)
select id
from accounts;

alter table accounts add column email_confirmed_at timestamptz;
alter table accounts add check (email_confirmed_at is null or email is not null);

-- Sessions show the display name: every node has to hear of another one.
create function announce_profile_change() returns trigger
language plpgsql
as $$
begin
  perform pg_notify('latchkey_sessions', new.account_id::text);
  return null;
end
$$;

create trigger announce_changed_profile
after update on profiles
for each row
when (old.display_name is distinct from new.display_name)
execute function announce_profile_change();

-- False when another account has the address. An update has no "on conflict", and a violated index would be the end of
-- the transaction that this is part of.
create function set_account_email(account uuid, new_email text, new_canonical text, confirmed timestamptz)
returns boolean
language plpgsql
as $$
begin
  update accounts
  set email = new_email,
      canonical_email = new_canonical,
      email_confirmed_at = confirmed
  where id = account;
  return true;
exception
  when unique_violation then return false;
end
$$;
