/// Documents that people write: reading them field by field with every problem reported at once,
/// durations and sizes with units, and the configuration file read into records.
@NullMarked
package io.millrace.config;

import org.jspecify.annotations.NullMarked;
