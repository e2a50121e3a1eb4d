// Package audit keeps the log over everything that happened: leaves in, proofs out.
//
// An operation leaves the hash of its entry in its own transaction, without a position
// (chờ đóng dấu), so that nobody queues on a head. A sequencer gives positions in
// batches, grows a Merkle tree of tiles and signs its head, the checkpoint. An outsider
// keeps checkpoints and tiles, the witness folder: 32 bytes an entry, no content. With
// it, Verify says which entry was edited, dropped or moved, or since when the log was
// rewritten or rolled back; without it, it checks inner consistency and says so.
//
// It knows no cases: an entry is a ref and a hash, its bytes are the caller's.
//
//	left --at most 1 s--> sealed at a position --export--> witnessed
package audit
