import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import type { Connection } from "../../station/pipeline/connection.ts";
import { seenPage, seenSubject, type Place } from "./places.ts";

export interface PresenceService {
  readonly handlers: AreaHandlers<typeof contract.presence>;
  /** The connection was closed: whoever was there is not any more. */
  ended(connection: Connection): void;
  close(): void;
}

/** A window says where it is every 30 s while a person moves in it: four in a row missed, and nobody is there. */
const staleMs = 2 * 60_000;
/** How often those who went silent are looked for. */
const sweepMs = 15_000;
/** A person changes pages; only a loop does so more often than this. */
const mostTellings = { inMs: 10_000, count: 40 };

interface Present {
  /** A connection outlives sign-ins: what one person told is not the next one's. */
  readonly session: string;
  readonly since: string;
  place: Place;
  toldMs: number;
  tellings: number;
  tellingsFromMs: number;
}

/**
 * Who is here now. In memory alone, one entry for a connection, gone with its session; nothing of it is ever
 * logged or stored: it helps two people at work not to run into each other, and is no record of either.
 */
export function createPresenceService(
  kernel: Kernel,
  displayName: (operator: string) => string,
): PresenceService {
  const here = new Map<Connection, Present>();
  const nowMs = (): number => kernel.clock().getTime();

  function sweep(): void {
    const before = here.size;
    for (const [connection, present] of here) {
      if (connection.session?.id !== present.session || nowMs() - present.toldMs > staleMs) {
        here.delete(connection);
      }
    }
    if (here.size !== before) kernel.changes.publish("presence");
  }
  const timer = setInterval(sweep, sweepMs);
  timer.unref();

  function limit(present: Present): void {
    const now = nowMs();
    if (now - present.tellingsFromMs >= mostTellings.inMs || now < present.tellingsFromMs) {
      present.tellings = 0;
      present.tellingsFromMs = now;
    }
    present.tellings += 1;
    if (present.tellings <= mostTellings.count) return;
    const seconds = Math.ceil((present.tellingsFromMs + mostTellings.inMs - now) / 1000);
    throw new Refusal("wait", "This window tells where it is too often.", { seconds });
  }

  function tell(place: Place, call: Call): void {
    if (seenPage(call.grants, place) === null) {
      throw new Refusal("not-allowed", `${call.operator} may not read the page ${place.page}.`);
    }
    const found = here.get(call.connection);
    const isSame = found?.session === call.session;
    const present = isSame
      ? found
      : {
          session: call.session,
          since: kernel.clock().toISOString(),
          place,
          toldMs: 0,
          tellings: 0,
          tellingsFromMs: nowMs(),
        };
    limit(present);
    const isNews = !isSame || !samePlace(present.place, place) || nowMs() - present.toldMs > staleMs;
    present.place = place;
    present.toldMs = nowMs();
    here.set(call.connection, present);
    if (isNews) kernel.changes.publish("presence");
  }

  return {
    handlers: {
      tell(input, call) {
        tell(input, call);
        return {};
      },

      list(_input, call) {
        sweep();
        return {
          present: [...here].map(([connection, { place, since }]) => {
            const operator = connection.session?.operator ?? "nobody";
            const subject = seenSubject(call.grants, place);
            return {
              operator,
              displayName: displayName(operator),
              face: connection.face,
              page: seenPage(call.grants, place),
              subject,
              // Of what may not be read here, not even that it is being edited.
              editing: place.editing && subject !== null,
              since,
              own: connection === call.connection,
            };
          }),
        };
      },
    },

    ended(connection) {
      if (here.delete(connection)) kernel.changes.publish("presence");
    },

    close: () => clearInterval(timer),
  };
}

function samePlace(one: Place, other: Place): boolean {
  return (
    one.page === other.page &&
    one.editing === other.editing &&
    one.subject?.kind === other.subject?.kind &&
    one.subject?.name === other.subject?.name
  );
}
