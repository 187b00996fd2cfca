import type { BatchReason, BatchState, LineReason } from "../contract/reasons.ts";

/** What an operator reads: what was found, and what to do about it. */
export type Explanation = { readonly sentence: string; readonly remedy: string };

const sealAgain = "Ask the sender to seal these records again; nothing of this batch was taken.";
const anotherCopy = "Nothing was used up. Carry another copy of this batch on a good medium.";
const notOurs = "Do not use this medium further. Keep it as it is and tell both operators what was found.";
const senderLine = "The line is kept in quarantine. The receipt tells the sender, who can correct it.";

/** Why a batch was refused, for each word of the closed list. */
export const batchReasonTexts: Record<BatchReason, Explanation> = {
  "not-a-regular-file": {
    sentence:
      "Something in the bag is a link, a device or another special file where a plain file or folder belongs.",
    remedy: notOurs,
  },
  "unexpected-file": {
    sentence: "The bag holds a file that no list of the bag names.",
    remedy: "Find out who put it there. Remove it only if you know, then look at the medium again.",
  },
  "missing-file": {
    sentence: "A file that every bag must have is missing.",
    remedy: "Carry another copy of this volume; the copy on this medium is not whole.",
  },
  "too-many-files": {
    sentence: "The medium holds more bags, or a bag more files, than any station writes.",
    remedy: "Take finished bags off the medium, or use an empty one.",
  },
  "too-large": {
    sentence: "A file is larger than the format allows.",
    remedy: sealAgain,
  },
  "fetch-txt": {
    sentence: "The bag asks to fetch files from elsewhere, which no station does.",
    remedy: notOurs,
  },
  "name-mismatch": {
    sentence: "The folder's name is not the name of the volume inside it.",
    remedy: "If somebody renamed the folder, give it back its name; otherwise carry another copy.",
  },
  "bad-signature": {
    sentence:
      "The signature does not fit the bag: it was changed after signing, or never signed by this key.",
    remedy: notOurs,
  },
  "bad-key-type": {
    sentence: "The signature was made with a kind of key that stations do not use.",
    remedy: "Only ssh-ed25519 keys sign batches. Ask the sender to sign with the key of its card.",
  },
  "wrong-namespace": {
    sentence: "The signature was made for another purpose than signing a batch.",
    remedy: notOurs,
  },
  "untrusted-signer": {
    sentence: "The bag is signed by a key that belongs to no trusted peer of this station.",
    remedy: "If you expect this sender, add its card, compare the phrase by voice and trust it first.",
  },
  "revoked-signer": {
    sentence: "The bag is signed by a key that was revoked.",
    remedy: "Ask the sender to seal again with its present key, and how this bag came to be.",
  },
  "bad-manifest": {
    sentence: "A list of file hashes in the bag is not in the form that the format gives.",
    remedy: sealAgain,
  },
  "bad-bagit": {
    sentence: "bagit.txt is not the two lines of BagIt 1.0.",
    remedy: sealAgain,
  },
  "bad-bag-info": {
    sentence: "bag-info.txt is not the four lines that the format gives, or names another batch.",
    remedy: sealAgain,
  },
  "bad-oxum": {
    sentence: "The number of files and bytes in bag-info.txt is not what the bag lists.",
    remedy: sealAgain,
  },
  "bad-envelope": {
    sentence: "batch.json breaks a rule of the format.",
    remedy: sealAgain,
  },
  "unsupported-format": {
    sentence: "The batch is in a format that this version does not read.",
    remedy: "Bring both stations to versions that share a format, then have it sealed again.",
  },
  "part-not-in-envelope": {
    sentence: "The volume lists a part that batch.json does not name, or names with another hash.",
    remedy: sealAgain,
  },
  "part-not-in-volume": {
    sentence: "A part that the volume should carry is not in it.",
    remedy: "Carry another copy of this volume.",
  },
  "from-is-not-signer": {
    sentence: "The batch says it is from another station than the one that signed it.",
    remedy: notOurs,
  },
  "not-for-us": {
    sentence: "The batch is sealed for another station.",
    remedy: "Carry this medium to the station that it is meant for.",
  },
  "not-decryptable": {
    sentence: "A part does not open with any key of this station.",
    remedy: "Compare our card with the one the sender holds, then ask the sender to seal again.",
  },
  "bad-recipient": {
    sentence: "A part is encrypted for several recipients or in another way than for one station.",
    remedy: sealAgain,
  },
  "bad-age": {
    sentence: "A part is not a whole, well-formed age file.",
    remedy: sealAgain,
  },
  "bad-zstd": {
    sentence: "A part is not exactly one whole zstd frame of the allowed kind.",
    remedy: sealAgain,
  },
  "plain-size": {
    sentence: "A part holds more or fewer bytes than the sealed manifest says.",
    remedy: sealAgain,
  },
  "plain-mismatch": {
    sentence: "The content of a part has another hash than the sealed manifest says.",
    remedy: sealAgain,
  },
  "bad-manifest-record": {
    sentence: "The sealed manifest breaks a rule of the format.",
    remedy: sealAgain,
  },
  "manifest-of-another-batch": {
    sentence: "The sealed manifest belongs to another batch: parts were put into a bag not their own.",
    remedy: notOurs,
  },
  "unterminated-part": {
    sentence: "The last line of a part has no end.",
    remedy: sealAgain,
  },
  "record-count": {
    sentence: "A part holds another number of lines than the sealed manifest says.",
    remedy: sealAgain,
  },
  "too-many-bad-lines": {
    sentence: "More than 10,000 lines of the batch break a rule, so none of it is taken.",
    remedy: "Ask the sender what went wrong before it seals these records again.",
  },
};

/** What a batch's state means here, for each word of the closed list. */
export const batchStateTexts: Record<BatchState, Explanation> = {
  imported: {
    sentence: "Every line was taken, recognised as a duplicate, or put in quarantine with its reason.",
    remedy: "Nothing to do. The receipt travels with the next batch to the sender.",
  },
  verified: {
    sentence: "The batch was checked whole and waits for its turn.",
    remedy: "Import it when you are ready.",
  },
  refused: {
    sentence: "The batch was signed but breaks a rule; nothing of it was taken and its number is used up.",
    remedy: "The receipt tells the sender, who seals the records again.",
  },
  own: {
    sentence: "This station wrote the bag itself; it was not read.",
    remedy: "Carry it to the peer that it is meant for.",
  },
  interrupted: {
    sentence: "The bag has no whole signature: it is unfinished, or it was tampered with.",
    remedy: "The station that wrote it can finish it by exporting to this medium again.",
  },
  damaged: {
    sentence: "A file is not, byte for byte, what was signed.",
    remedy: anotherCopy,
  },
  incomplete: {
    sentence: "Not all volumes of this batch are here.",
    remedy: "Bring the missing volumes; those seen so far need not be the same stick.",
  },
  "no-room": {
    sentence: "There is not enough free space here to open the batch.",
    remedy: "Free space on the station's disk, then import again. Nothing was used up.",
  },
  held: {
    sentence:
      "The batch waits for a person: the sender was restored, or it uses something that is not taken here yet.",
    remedy: "Open the peer's page, compare with its operator, and accept or refuse.",
  },
  "already-imported": {
    sentence: "This very batch was imported before; nothing was taken twice.",
    remedy: "Nothing to do. The medium can be used again once the sender has its receipt.",
  },
  "already-refused": {
    sentence: "This very batch was refused before.",
    remedy: "Nothing to do here. The sender learns of it by the receipt and seals again.",
  },
  "older-than-expected": {
    sentence: "The number of the batch lies before the next one expected and was never seen here.",
    remedy: "It was skipped or given up. If its records are still needed, the sender seals them again.",
  },
  "missing-before": {
    sentence: "Earlier batches from this peer have not arrived yet, so nothing of this one may land.",
    remedy: "Bring the numbers that are named; or let a person skip them if they are lost for ever.",
  },
  fork: {
    sentence: "Two different batches claim the same place in the chain: one history was rewritten.",
    remedy: "Stop importing from this peer. Compare both ledgers with its operator before going on.",
  },
};

/** Why a line was put in quarantine, for each word of the closed list. */
export const lineReasonTexts: Record<LineReason, Explanation> = {
  "line-too-long": { sentence: "The line is longer than 1 MiB.", remedy: senderLine },
  "bad-utf8": { sentence: "The line is not valid UTF-8 text.", remedy: senderLine },
  nul: { sentence: "The line holds a NUL character.", remedy: senderLine },
  "bad-json": {
    sentence: "The line is not one JSON object from its first byte to its last.",
    remedy: senderLine,
  },
  "duplicate-key": { sentence: "An object in the line has the same key twice.", remedy: senderLine },
  "forbidden-key": { sentence: "An object in the line has the key __proto__.", remedy: senderLine },
  "lone-surrogate": { sentence: "A string in the line holds half of a character pair.", remedy: senderLine },
  "too-deep": { sentence: "The line is nested more than 64 levels deep.", remedy: senderLine },
  "too-many-keys": { sentence: "The line has more than 10,000 object members.", remedy: senderLine },
  "bad-number": { sentence: "A number in the line is too large for a double.", remedy: senderLine },
  "unknown-type": {
    sentence: "The record is of a type that this version does not know.",
    remedy: "Keep it. A later version may take it; or ask the sender for a type both sides know.",
  },
  "bad-record": {
    sentence: "A field of the record is missing, unknown or out of its form.",
    remedy: senderLine,
  },
  "wrong-direction": {
    sentence: "This type of record does not travel in this direction.",
    remedy: senderLine,
  },
  "unknown-request": {
    sentence: "The response names a request that was never sealed for this peer.",
    remedy: "Compare the request's id with the peer. Nothing was changed here.",
  },
  "already-answered": {
    sentence: "The request that the response names has its answer already; the first one stays.",
    remedy: "Look at both answers. If the second is right, ask the peer how it came to answer twice.",
  },
  "unknown-batch": {
    sentence: "The receipt is for a batch that this station never sealed for this peer.",
    remedy: "Compare both ledgers with the peer's operator.",
  },
  "receipt-mismatch": {
    sentence: "The receipt does not fit our ledger, or its own signature does not hold.",
    remedy: "Compare both ledgers with the peer's operator before trusting this receipt.",
  },
  conflict: {
    sentence: "A record with this id and revision is here already with other content; the first one stays.",
    remedy: "Look at both, and ask the sender which one is right.",
  },
};
