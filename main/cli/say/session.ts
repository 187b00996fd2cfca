import type { contract } from "../../../shared/contract/contract.ts";
import type { AreaCommands } from "../command.ts";
import { facts, plural } from "./layout.ts";

const phases = {
  empty: "No station has been founded in this directory yet.",
  locked: "The station is locked: nobody is signed in.",
  open: "The station is open.",
};

export const sessionCommands: AreaCommands<typeof contract.session> = {
  state: {
    say: (state) => [
      phases[state.phase],
      ...facts([
        ["station", state.station === null ? null : `${state.station.name} (${state.station.side})`],
        ["directory", state.directory],
        ["operators", state.operators.join(", ")],
        ["wait", plural(state.waitSeconds, "second")],
        ["version", state.version],
      ]),
    ],
  },
  // Every command signs in by itself and signs out by ending.
  signIn: null,
  signOut: null,
};
