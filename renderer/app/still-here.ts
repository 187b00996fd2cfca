import { useEffect } from "react";
import { client } from "../rpc.ts";

/** Far below the shortest idle limit, so that no sign of a person is lost. */
const everyMs = 30_000;

/** Tells the station that a person is at this window, so that only an empty chair ends the session. */
export function useStillHere(): void {
  useEffect(() => {
    let toldMs = 0;
    const tell = (): void => {
      const now = performance.now();
      if (now - toldMs < everyMs) return;
      toldMs = now;
      // A session that has ended is told by the state of the session itself.
      client.session.stillHere({}).catch(() => {});
    };
    const signs = ["pointerdown", "pointermove", "keydown", "wheel"] as const;
    for (const sign of signs) addEventListener(sign, tell, { passive: true });
    return () => {
      for (const sign of signs) removeEventListener(sign, tell);
    };
  }, []);
}
