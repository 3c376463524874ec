import type { OrganisationId } from '#schema/ids.ts';
import { departments, domains, organisations } from '#schema/tables/directory.ts';
import { asc } from '../drizzle.ts';
import type { Database, Operation } from '../file-kind.ts';

/** The organisation and the domains whose addresses are inside, the main one first. */
export interface Organisation {
	readonly id: OrganisationId;
	readonly name: string;
	readonly domains: readonly string[];
}

/** A node of the tree of departments. */
export interface Department {
	readonly id: string;
	readonly parent: string | null;
	readonly name: string;
	readonly position: number;
}

/** The organisation, or null where the directory is still empty. */
export function readOrganisation(database: Database): Organisation | null {
	const found = database.select().from(organisations).get();
	if (found === undefined) return null;
	const inside = database.select().from(domains).orderBy(asc(domains.position)).all();
	return { id: found.id, name: found.name, domains: inside.map(({ domain }) => domain) };
}

const organisation: Operation<undefined, Organisation | null> = {
	mode: 'read',
	run: (database) => readOrganisation(database)
};

/** Makes the organisation where there is none yet; answers the one that stands. Domains are canonical. */
const found: Operation<Organisation, Organisation> = {
	mode: 'write',
	run(database, input, { now, emit }) {
		const standing = readOrganisation(database);
		if (standing !== null) return standing;
		database.insert(organisations).values({ id: input.id, name: input.name, createdAt: now }).run();
		input.domains.forEach((domain, position) => {
			database.insert(domains).values({ domain, position }).run();
		});
		emit({ kind: 'directory' });
		return input;
	}
};

/** Adds a department, or names it anew where its id is known. */
const putDepartment: Operation<Department, null> = {
	mode: 'write',
	run(database, input) {
		database
			.insert(departments)
			.values(input)
			.onConflictDoUpdate({
				target: departments.id,
				set: { parent: input.parent, name: input.name, position: input.position }
			})
			.run();
		return null;
	}
};

export const organisationOperations = { organisation, found, 'put-department': putDepartment };
