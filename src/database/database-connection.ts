/** Where the database is: a URL, or the parts of one. */
export type DatabaseConnection =
  | { connectionString: string }
  | { host: string; port: number; user: string; database: string; ssl?: false }
