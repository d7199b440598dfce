/** Where a release runs: a region of an environment, or one tenant of it. */
export interface Place {
  environment: string;
  region: string;
  tenant?: string | undefined;
}

/** `production/sydney`, `production/sydney/acme`: the same text wherever a place is named, looked up or compared. */
export const placeKey = ({ environment, region, tenant }: Place): string =>
  tenant === undefined ? `${environment}/${region}` : `${environment}/${region}/${tenant}`;

export const isSamePlace = (a: Place, b: Place): boolean => a.environment === b.environment && a.region === b.region && a.tenant === b.tenant;

/** The place alone, of anything that has one. */
export const placeOf = ({ environment, region, tenant }: Place): Place => ({ environment, region, ...(tenant !== undefined && { tenant }) });
