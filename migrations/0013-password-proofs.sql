-- sudo-mode: when the password was last asked for and given within a session.
create table password_proofs (
  session_id uuid primary key references sessions on delete cascade,
  proved_at timestamptz not null
);
