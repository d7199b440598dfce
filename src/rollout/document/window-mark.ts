/** Stands in a query where its range belongs. PromQL itself has no use for a dollar sign outside of strings. */
export const windowMark = '$window';
