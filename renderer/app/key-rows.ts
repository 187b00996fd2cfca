import { en } from "../../shared/strings/en.ts";

const { keys, shell } = en;

/** The sheet behind `?`, in the order in which keys are learnt. */
export const keyRows = [
  { keys: [keys.control, "K"], does: shell.keys.palette },
  { keys: [keys.control, "1 - 6"], does: shell.keys.pages },
  { keys: [keys.control, "L"], does: shell.keys.lock },
  { keys: ["?"], does: shell.keys.sheet },
  { keys: [keys.alt, keys.left], does: shell.keys.back },
  { keys: [keys.alt, keys.right], does: shell.keys.forward },
  { keys: [keys.up, keys.down], does: shell.keys.rows },
  { keys: ["Home", "End"], does: shell.keys.ends },
  { keys: [keys.enter], does: shell.keys.open },
  { keys: [keys.space], does: shell.keys.select },
  { keys: [keys.escape], does: shell.keys.escape },
] as const;
