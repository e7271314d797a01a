/// Cars pass the booths of a toll road. Who runs it asks what each booth takes, how long cars are
/// in, and whose registration has expired.
///
/// The cars are made up from a seed ([Road]) or read from files ([TollFiles]). What the queries say
/// is compared with what plain Java computes of the same cars ([Ledger]).
@NullMarked
package io.millrace.example.toll;

import org.jspecify.annotations.NullMarked;
