-- security-events: what has happened to an account, for its owner to read.
create table security_events (
  id bigint generated always as identity primary key,
  account_id uuid not null references accounts on delete cascade,
  kind text not null,
  happened_at timestamptz not null,
  client_address text,
  user_agent text
);
create index on security_events (account_id, happened_at desc, id desc);
create index on security_events (happened_at);
