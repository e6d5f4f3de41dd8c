import type { Database } from '../../src/database/database.js'

/** Has something happen once, right after the named statement: what a race would do at that moment, without one. */
export function afterQuery(database: Database, name: string, deed: () => Promise<unknown>): void {
  const query = database.query.bind(database)
  let isDone = false
  Object.assign(database, {
    query: async (...parts: Parameters<Database['query']>) => {
      const result = await query(...parts)
      const [statement] = parts
      if (isDone || typeof statement === 'string' || statement.name !== name) return result
      isDone = true
      await deed()
      return result
    },
  })
}
