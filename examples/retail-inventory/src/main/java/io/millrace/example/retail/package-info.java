/// Three suppliers tell a retailer their stock, each in a shape and over a protocol of its own. A
/// query makes one shape of them; a web shop and the staff of the stores each have a lookup table.
///
/// [Shop] keeps books of all that the [Supplier]s have said, measures how long it takes until both
/// tables know, and compares them in the end.
@NullMarked
package io.millrace.example.retail;

import org.jspecify.annotations.NullMarked;
