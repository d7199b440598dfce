/** Something is wrong with what was sent; the sender is told what. */
export class BadRequest extends Error {}
