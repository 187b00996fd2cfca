// The one entry of `npm start`, `npm test` and the other verbs, on whatever Node the machine has. It stays in the
// syntax of Node 12, so that an old Node reaches the sentence below; everything newer is behind the import().
const VERBS = ["start", "demo", "test", "bench", "screenshots"];
const OLDEST = [20, 19];

const found = process.versions.node.split(".").map(Number);
const verb = process.argv[2];

if (found[0] < OLDEST[0] || (found[0] === OLDEST[0] && found[1] < OLDEST[1])) {
  console.error(
    "Sallyport needs Node " +
      OLDEST.join(".") +
      " or newer to set itself up, and this is Node " +
      process.versions.node +
      ". Install a newer one (Debian 13: apt-get install nodejs npm; others: https://nodejs.org) and run this again.",
  );
  process.exit(1);
} else if (VERBS.indexOf(verb) === -1) {
  console.error("usage: node scripts/start.mjs " + VERBS.join("|") + " [options]");
  process.exit(2);
} else {
  void import("./setup/run.mjs").then((setup) => setup.run(verb, process.argv.slice(3)));
}
