import { Refusal } from "../../../shared/errors.ts";

/**
 * A sealed batch that this station can't write onto any medium any more: no medium is at fault, other batches are
 * still carried, and giving it up seals its records again.
 */
export class Uncarriable extends Refusal {}
