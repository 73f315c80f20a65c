using System.Text.RegularExpressions;
using Broker.Protocols.Mqtt;
using Broker.Tests.Conformance;
using NUnit.Framework;

namespace Broker.Tests.Protocols.Mqtt;

/// <summary>One bad packet per rule, with the Reason Code it ends in. A case whose name begins with an id checks that statement of its version.</summary>
public partial class FaultTests
{
    private const ReasonCode Malformed = ReasonCode.MalformedPacket;
    private const ReasonCode Version = ReasonCode.UnsupportedProtocolVersion;
    private const ReasonCode Protocol = ReasonCode.ProtocolError;

    private static readonly TestCaseData[] Faults =
    [
        // CONNECT
        Case("MQTT_3_1_2_1_protocol_name", 5, "10 12 0004 4D515458 05 02 003C 00 0005 6465763031", Protocol),
        Case("MQTT_3_1_2_2_protocol_version", 5, "10 12 0004 4D515454 06 02 003C 00 0005 6465763031", Version),
        Case("Name_of_3_1_with_level_of_3_1_1", 4, "10 13 0006 4D5149736470 04 02 003C 0005 6465763031", Version),
        Case("MQTT_2_1_3_1_connect_flags_5", 5, "11 12 0004 4D515454 05 02 003C 00 0005 6465763031", Malformed),
        Case("MQTT_2_2_2_2_connect_flags_311", 4, "18 11 0004 4D515454 04 02 003C 0005 6465763031", Malformed),
        Case("MQTT_3_1_2_3_reserved_flag_5", 5, "10 12 0004 4D515454 05 03 003C 00 0005 6465763031", Malformed),
        Case("MQTT_3_1_2_3_reserved_flag_311", 4, "10 11 0004 4D515454 04 03 003C 0005 6465763031", Malformed),
        Case("MQTT_3_1_2_11_will_qos_without_will", 5, "10 12 0004 4D515454 05 0A 003C 00 0005 6465763031", Malformed),
        Case("MQTT_3_1_2_13_will_retain_without_will", 5, "10 12 0004 4D515454 05 22 003C 00 0005 6465763031", Malformed),
        Case("MQTT_3_1_2_12_will_qos_3", 5, "10 16 0004 4D515454 05 1E 003C 00 0001 63 00 0001 74 0002 6F66", Malformed),
        Case("MQTT_3_1_2_14_will_qos_3_in_3_1", 3, "10 16 0006 4D5149736470 03 1E 003C 0001 63 0001 74 0002 6F66", Malformed),
        Case("MQTT_3_1_2_22_password_without_username_311", 4, "10 12 0004 4D515454 04 42 003C 0003 646576 0001 70", Protocol),
        Case("MQTT_3_1_2_17_username_missing", 5, "10 12 0004 4D515454 05 82 003C 00 0005 6465763031", Malformed),
        Case("MQTT_3_1_2_16_username_without_flag", 5, "10 15 0004 4D515454 05 02 003C 00 0005 6465763031 0001 75", Malformed),
        Case("MQTT_3_1_2_9_will_missing", 5, "10 12 0004 4D515454 05 06 003C 00 0005 6465763031", Malformed),
        Case("MQTT_3_1_3_3_client_id_missing", 5, "10 0B 0004 4D515454 05 02 003C 00", Malformed),
        Case("MQTT_3_1_3_4_client_id_utf8", 5, "10 0E 0004 4D515454 05 02 003C 00 0001 FF", Malformed),
        Case("MQTT_1_5_4_2_client_id_with_null", 5, "10 0E 0004 4D515454 05 02 003C 00 0001 00", Malformed),
        Case("MQTT_1_5_4_1_client_id_with_surrogate", 5, "10 10 0004 4D515454 05 02 003C 00 0003 EDA080", Malformed),
        Case("MQTT_3_1_3_11_will_topic_utf8", 5, "10 15 0004 4D515454 05 06 003C 00 0001 63 00 0001 FF 0001 FF", Malformed),
        Case("Will_topic_with_wildcard", 5, "10 15 0004 4D515454 05 06 003C 00 0001 63 00 0001 23 0001 FF", Protocol),
        Case("MQTT_3_1_3_12_username_utf8", 5, "10 11 0004 4D515454 05 82 003C 00 0001 63 0001 FF", Malformed),
        Case("Receive_maximum_0", 5, "10 11 0004 4D515454 05 02 003C 03 21 0000 0001 63", Protocol),
        Case("Maximum_packet_size_0", 5, "10 13 0004 4D515454 05 02 003C 05 27 00000000 0001 63", Protocol),
        Case("Request_problem_information_2", 5, "10 10 0004 4D515454 05 02 003C 02 17 02 0001 63", Protocol),
        Case("Session_expiry_twice", 5, "10 18 0004 4D515454 05 02 003C 0A 11 00000001 11 00000001 0001 63", Protocol),
        Case("Property_of_another_packet", 5, "10 11 0004 4D515454 05 02 003C 03 23 0001 0001 63", Malformed),
        Case("Unknown_property", 5, "10 10 0004 4D515454 05 02 003C 02 7F 00 0001 63", Malformed),
        Case("MQTT_1_5_7_1_user_property_utf8", 5, "10 15 0004 4D515454 05 02 003C 07 26 0001 6B 0001 FF 0001 63", Malformed),
        Case("Authentication_data_without_method", 5, "10 12 0004 4D515454 05 02 003C 04 16 0001 01 0001 63", Protocol),
        Case("MQTT_1_5_5_1_padded_property_length", 5, "10 0F 0004 4D515454 05 02 003C 8000 0001 63", Malformed),

        // PUBLISH
        Case("MQTT_3_3_1_4_qos_3_5", 5, "36 08 0001 61 0001 00 6869", Malformed),
        Case("MQTT_3_3_1_4_qos_3_311", 4, "36 07 0001 61 0001 6869", Malformed),
        Case("MQTT_3_3_1_2_dup_at_qos_0", 4, "38 05 0001 61 6869", Malformed),
        Case("MQTT_3_3_2_1_topic_utf8", 5, "30 06 0001 FF 00 6869", Malformed),
        Case("MQTT_4_7_3_2_topic_with_null", 5, "30 06 0001 00 00 6869", Malformed),
        Case("MQTT_3_3_2_2_topic_with_hash", 5, "30 06 0001 23 00 6869", Protocol),
        Case("MQTT_3_3_2_2_topic_with_plus_311", 4, "30 05 0001 2B 6869", Protocol),
        Case("MQTT_4_7_3_1_empty_topic_311", 4, "30 04 0000 6869", Protocol),
        Case("Empty_topic_without_alias", 5, "30 05 0000 00 6869", Protocol),
        Case("MQTT_2_2_1_3_packet_id_0", 5, "32 08 0001 61 0000 00 6869", Protocol),
        Case("MQTT_2_3_1_1_packet_id_0_311", 4, "32 07 0001 61 0000 6869", Protocol),
        Case("MQTT_3_3_2_8_topic_alias_0", 5, "30 09 0001 61 03 23 0000 6869", ReasonCode.TopicAliasInvalid),
        Case("Topic_alias_twice", 5, "30 0A 0001 61 06 23 0001 23 0001", Protocol),
        Case("MQTT_3_3_4_6_subscription_identifier", 5, "30 08 0001 61 02 0B 01 6869", Protocol),
        Case("MQTT_3_3_2_14_response_topic_with_wildcard", 5, "30 0A 0001 61 04 08 0001 2B 6869", Protocol),
        Case("MQTT_3_3_2_13_response_topic_utf8", 5, "30 0A 0001 61 04 08 0001 FF 6869", Malformed),
        Case("MQTT_3_3_2_19_content_type_utf8", 5, "30 0A 0001 61 04 03 0001 FF 6869", Malformed),
        Case("Payload_format_indicator_2", 5, "30 08 0001 61 02 01 02 6869", Protocol),
        Case("Property_length_beyond_the_packet", 5, "30 06 0001 61 09 01 00", Malformed),
        Case("Property_cut_off_by_its_section", 5, "30 08 0001 61 02 02 00 0000", Malformed),

        // PUBACK, PUBREC, PUBREL, PUBCOMP
        Case("MQTT_2_1_3_1_puback_flags", 5, "42 02 000A", Malformed),
        Case("MQTT_3_6_1_1_pubrel_flags", 5, "60 02 000A", Malformed),
        Case("MQTT_3_6_1_1_pubrel_flags_311", 4, "6A 02 000A", Malformed),
        Case("MQTT_3_4_2_1_puback_code", 5, "40 03 000A 92", Protocol),
        Case("MQTT_3_5_2_1_pubrec_code", 5, "50 03 000A 81", Protocol),
        Case("MQTT_3_6_2_1_pubrel_code", 5, "62 03 000A 10", Protocol),
        Case("MQTT_3_7_2_1_pubcomp_code", 5, "70 03 000A 97", Protocol),
        Case("Ack_packet_id_0", 5, "40 02 0000", Protocol),
        Case("Ack_cut_off", 5, "40 01 00", Malformed),
        Case("Ack_with_code_311", 4, "40 03 000A 00", Malformed),
        Case("Ack_property_of_another_packet", 5, "40 07 000A 00 03 21 0001", Malformed),
        Case("Ack_reason_string_twice", 5, "40 0A 000A 00 06 1F 0000 1F 0000", Protocol),

        // SUBSCRIBE, UNSUBSCRIBE
        Case("MQTT_3_8_1_1_subscribe_flags", 5, "80 07 000A 00 0001 23 00", Malformed),
        Case("MQTT_3_8_1_1_subscribe_flags_31", 3, "80 06 000A 0001 23 00", Malformed),
        Case("MQTT_3_8_3_1_filter_utf8", 5, "82 07 000A 00 0001 FF 00", Malformed),
        Case("MQTT_4_7_1_1_filter", 5, "82 09 000A 00 0003 232F61 00", Malformed),
        Case("MQTT_4_8_2_2_share_name", 5, "82 0E 000A 00 0008 2473686172652F2B 00", Protocol),
        Case("MQTT_3_8_3_2_no_filter", 5, "82 03 000A 00", Protocol),
        Case("MQTT_3_8_3_3_no_filter_311", 4, "82 02 000A", Protocol),
        Case("MQTT_3_8_3_4_no_local_on_shared", 5, "82 10 000A 00 000A 2473686172652F672F61 04", Protocol),
        Case("MQTT_3_8_3_5_reserved_options", 5, "82 07 000A 00 0001 23 40", Malformed),
        Case("MQTT_3_8_3_4_reserved_options_311", 4, "82 06 000A 0001 23 04", Malformed),
        Case("MQTT_3_8_3_4_qos_3_311", 4, "82 06 000A 0001 23 03", Malformed),
        Case("Subscribe_qos_3", 5, "82 07 000A 00 0001 23 03", Protocol),
        Case("Subscribe_retain_handling_3", 5, "82 07 000A 00 0001 23 30", Protocol),
        Case("Subscribe_options_missing", 5, "82 06 000A 00 0001 23", Malformed),
        Case("Subscribe_identifier_0", 5, "82 09 000A 02 0B 00 0001 23 00", Protocol),
        Case("Subscribe_identifier_twice", 5, "82 0B 000A 04 0B 01 0B 02 0001 23 00", Protocol),
        Case("MQTT_2_2_1_3_subscribe_packet_id_0", 5, "82 07 0000 00 0001 23 00", Protocol),
        Case("MQTT_3_10_1_1_unsubscribe_flags", 5, "A0 06 000A 00 0001 23", Malformed),
        Case("MQTT_3_10_3_1_filter_utf8", 5, "A2 06 000A 00 0001 FF", Malformed),
        Case("MQTT_4_7_3_1_empty_filter", 5, "A2 05 000A 00 0000", Malformed),
        Case("MQTT_3_10_3_2_no_filter", 5, "A2 03 000A 00", Protocol),
        Case("MQTT_2_2_1_3_unsubscribe_packet_id_0", 5, "A2 06 0000 00 0001 23", Protocol),

        // PINGREQ, DISCONNECT, AUTH
        Case("MQTT_2_1_3_1_pingreq_flags", 5, "C1 00", Malformed),
        Case("Pingreq_with_body", 4, "C0 01 00", Malformed),
        Case("MQTT_3_14_1_1_disconnect_flags", 5, "E1 00", Malformed),
        Case("MQTT_3_14_2_1_disconnect_code", 5, "E0 01 01", Protocol),
        Case("Disconnect_with_body_311", 4, "E0 01 00", Malformed),
        Case("Disconnect_bytes_after_properties", 5, "E0 03 00 00 00", Malformed),
        Case("MQTT_3_15_1_1_auth_flags", 5, "F1 00", Malformed),
        Case("MQTT_3_15_2_1_auth_code", 5, "F0 06 04 04 15 0001 53", Protocol),
        Case("Auth_without_method", 5, "F0 02 18 00", Protocol),
        Case("Auth_before_5", 4, "F0 00", Malformed),

        // from a server
        Case("MQTT_3_14_2_2_session_expiry_from_server", 5, "E0 07 00 05 11 0000000A", Protocol, PacketSender.Server),
        Case("MQTT_3_2_2_1_connack_flags", 5, "20 03 02 00 00", Malformed, PacketSender.Server),
        Case("MQTT_3_2_2_6_session_present_with_failure", 5, "20 03 01 87 00", Protocol, PacketSender.Server),
        Case("MQTT_3_2_2_4_session_present_with_failure_311", 4, "20 02 01 05", Protocol, PacketSender.Server),
        Case("MQTT_3_2_2_8_connack_code", 5, "20 03 00 8E 00", Protocol, PacketSender.Server),
        Case("Connack_return_code_311", 4, "20 02 00 06", Protocol, PacketSender.Server),
        Case("MQTT_3_9_3_2_suback_code", 5, "90 04 000A 00 03", Protocol, PacketSender.Server),
        Case("MQTT_3_9_3_2_suback_code_311", 4, "90 03 000A 87", Protocol, PacketSender.Server),
        Case("MQTT_3_11_3_2_unsuback_code", 5, "B0 04 000A 00 01", Protocol, PacketSender.Server),
    ];

    [TestCaseSource(nameof(Faults))]
    public void Bad_packet(byte version, string hex, byte code, bool fromServer) =>
        Assert.That(
            Wire.Fault(hex, (MqttVersion)version, fromServer ? PacketSender.Server : PacketSender.Client),
            Is.EqualTo((ReasonCode)code));

    private static TestCaseData Case(
        string name, byte version, string hex, ReasonCode code, PacketSender sender = PacketSender.Client)
    {
        TestCaseData data = new TestCaseData(version, hex, (byte)code, sender == PacketSender.Server).SetName(name);
        Match id = IdInName().Match(name);
        return id.Success
            ? data.SetProperty(StatementAttribute.CaseProperty, $"{(version < 5 ? StatementId.V311 : StatementId.V5)} MQTT-{id.Groups[1].Value.Replace('_', '.')}-{id.Groups[2].Value}")
            : data;
    }

    [GeneratedRegex(@"^MQTT_(\d+_\d+_\d+)_(\d+)_")]
    private static partial Regex IdInName();
}
