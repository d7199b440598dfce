/** `sydney`, and `sydney/acme` where tenants have releases of their own: a place within its environment. */
export const placeName = ({ region, tenant }: { region: string; tenant?: string | undefined }): string =>
  tenant === undefined ? region : `${region}/${tenant}`;
