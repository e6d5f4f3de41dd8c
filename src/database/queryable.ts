import type { QueryResult, QueryResultRow } from 'pg'

/** A statement that is prepared once per connection under its name; one name stands for one text everywhere. */
export type NamedQuery = { name: string; text: string; values?: readonly unknown[] }

/** What a store takes: the database itself, or a client inside a transaction. */
export type Queryable = {
  /**
   * Runs one statement.
   * @param query SQL with `$1`… for the values, or a named query that brings its own
   * @throws DatabaseUnavailable if the database cannot be had now; `pg`'s DatabaseError if Postgres refuses
   */
  query<Row extends QueryResultRow = QueryResultRow>(
    query: string | NamedQuery,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>>
}
