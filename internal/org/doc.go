// Package org is the office: units, the posts that officers hold in them, and what
// follows from a post - who signs in which capacity (thể thức đề ký), who is in charge
// of what (phân công phụ trách), who stands in for whom (làm thay), who may read what.
//
// Nothing here is deleted; rows begin and end on a day of the office:
//
//	post, charge, path, contact:   since --until--> history
//	authorisation, cover:          from day .. to day, or withdrawn earlier
//
// Whoever calls an operation has asked MayAdminister first; org checks what is said,
// keeps the log of who changed what, and derives membership in the same transaction.
// It knows no case, and no regulation.
package org
