/// The coordinator of transactions: identities of producers, what belongs to a transaction, and
/// that it ends the same way everywhere.
///
/// [TransactionRules] decides without threads or time of its own; [TransactionCoordinator] keeps
/// what was decided on disk, answers afterwards, and has the markers written.
@NullMarked
package io.millrace.gateway.kafka.transaction;

import org.jspecify.annotations.NullMarked;
