-- webauthn: accounts whose owners want a passkey to be asked for after the password.
create table webauthn_steps (
  account_id uuid primary key references accounts on delete cascade,
  since timestamptz not null
);

-- second-factor: the method that was shown in the place of the password, and so counts no second time; null for none.
alter table pending_sign_ins add column shown text;
