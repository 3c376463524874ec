import { defineConfig } from 'drizzle-kit';

/**
 * For `npm run tables`, which prints the SQL of all tables as Drizzle declares them: what to write the next
 * migration of a file kind from. The migrations themselves stand in `sync-server/store`.
 */
export default defineConfig({ dialect: 'sqlite', schema: './schema/tables/*.ts' });
