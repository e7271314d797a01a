/// Who a Kafka client is: the mechanisms of SASL, over a seam behind which credentials are kept.
///
/// The mechanisms do not wait and know no sockets; what is asked of the [CredentialStore] may wait
/// and is asked on virtual threads.
@NullMarked
package io.millrace.gateway.kafka.sasl;

import org.jspecify.annotations.NullMarked;
