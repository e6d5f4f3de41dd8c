-- second-factor: the session in which a second step is taken to prove again who one is; null for a sign-in. Neither counts as
-- the other.
alter table pending_sign_ins add column session_id uuid references sessions on delete cascade;
create index on pending_sign_ins (session_id);

-- sudo-mode: whether the second step belonged to the proof, or nothing that would be weaker. A password alone is no full one.
alter table password_proofs
  add column is_full boolean not null default false,
  -- By what the browser is known in which it was shown; null for one from before, which counts no more.
  add column device_hash bytea check (length(device_hash) = 32);
