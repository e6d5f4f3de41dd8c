-- sessions: which browser each belongs to, and why those that were ended by force have ended, for the browser that still
-- holds their token.
alter table sessions add column user_agent text;

create table ended_sessions (
  token_hash bytea primary key check (length(token_hash) = 32),
  reason text not null,
  ended_at timestamptz not null
);
create index on ended_sessions (ended_at);
