/// What one partition knows of the producers that write to it: which batches came already, and
/// which of its records are in transactions.
@NullMarked
package io.millrace.producer;

import org.jspecify.annotations.NullMarked;
