#!/bin/sh
# Makes the keys and the card of a station with stock tools alone: ssh-keygen, age-keygen, jq, coreutils.
#
#   make-card.sh FOLDER NAME SIDE
#
# Leaves in FOLDER: key and key.pub (signing), identity.txt (age), station, lineage, card.
set -eu

folder=$1 name=$2 side=$3
mkdir -p "$folder"
cd "$folder"

random_hex() { head -c "$1" /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

random_hex 16 > station
random_hex 8 > lineage
ssh-keygen -q -t ed25519 -N '' -C '' -f key
age-keygen -o identity.txt 2> /dev/null

# A C2SP verifier key: NAME+HASH+BASE64, the hash over the name, a line feed, the algorithm and the key.
verifier_key() {
  ssh-keygen -q -t ed25519 -N '' -C '' -f "$2"
  { printf "\\$1"; cut -d ' ' -f 2 "$2.pub" | base64 -d | tail -c 32; } > "$2.raw"
  hash=$({ printf '%s\n' "$name"; cat "$2.raw"; } | sha256sum | head -c 8)
  printf '%s+%s+%s' "$name" "$hash" "$(base64 -w 0 "$2.raw")"
}

jq -cn \
  --arg station "$(cat station)" \
  --arg name "$name" \
  --arg side "$side" \
  --arg key "$(cut -d ' ' -f 1,2 key.pub)" \
  --arg recipient "$(age-keygen -y identity.txt)" \
  --arg log "$(verifier_key 001 log)" \
  --arg witness "$(verifier_key 004 witness)" \
  --arg now "$(date -u +%Y-%m-%dT%H:%M:%S.000Z)" \
  '{format: "sallyport-card@v1", station: $station, name: $name, side: $side, signingKey: $key,
    ageRecipient: $recipient, vaultRecipient: null, logKey: $log, witnessKey: $witness,
    serial: 1, createdAt: $now, replaces: null}' > card.line

ssh-keygen -q -Y sign -n sallyport-card@v1 -f key card.line
cat card.line card.line.sig > card
