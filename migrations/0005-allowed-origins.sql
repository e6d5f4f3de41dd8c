-- sibling-apps: origins that the operator allows beside ALLOWED_REDIRECT_ORIGINS, in the form that parseOriginPattern gives.
create table allowed_origins (
  origin text collate "C" primary key,
  created_at timestamptz not null
);
