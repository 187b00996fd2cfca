export type Side = "request" | "response";

/** The row of table `station`. */
export interface StationIdentity {
  /** 32 hex digits. */
  readonly id: string;
  readonly name: string;
  readonly side: Side;
  readonly people: "one" | "two";
  /** 16 hex digits; a restore begins a new one. */
  readonly lineage: string;
  readonly createdAt: string;
}

/** The direction of batches that a station of this side sends. */
export function directionFrom(side: Side): "request-to-response" | "response-to-request" {
  return side === "request" ? "request-to-response" : "response-to-request";
}
