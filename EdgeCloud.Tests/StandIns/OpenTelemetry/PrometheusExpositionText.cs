namespace EdgeCloud.Tests.StandIns.OpenTelemetry;

/// <summary>What OpenTelemetry.Exporter.Prometheus.AspNetCore 1.20.1-beta.1 prints.</summary>
internal static class PrometheusExpositionText
{
    public const string Prometheus = """
        # TYPE target_info gauge
        # HELP target_info Target metadata
        target_info{service_name="edge \"one\"",host_cores="2"} 1
        # TYPE edgecloud_devices_online gauge
        edgecloud_devices_online{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} -2
        # TYPE edgecloud_energy_joules_total counter
        # HELP edgecloud_energy_joules_total Energy spent
        edgecloud_energy_joules_total{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} 0.016
        # TYPE edgecloud_frames_total counter
        # HELP edgecloud_frames_total Frames "decoded"\nat the edge, C:\\frames
        edgecloud_frames_total{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",device_id="edge-1",ok="true"} 2
        edgecloud_frames_total{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",device_id="quote\" slash\\ line\n ünï;other",weight="0.25"} 1
        # TYPE edgecloud_inference_duration_seconds histogram
        # HELP edgecloud_inference_duration_seconds Time per frame
        edgecloud_inference_duration_seconds_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="0.005"} 1
        edgecloud_inference_duration_seconds_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="0.1"} 1
        edgecloud_inference_duration_seconds_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="1"} 1
        edgecloud_inference_duration_seconds_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="+Inf"} 1
        edgecloud_inference_duration_seconds_sum{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} 0.004
        edgecloud_inference_duration_seconds_count{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} 1
        edgecloud_inference_duration_seconds_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",model="face",le="0.005"} 0
        edgecloud_inference_duration_seconds_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",model="face",le="0.1"} 0
        edgecloud_inference_duration_seconds_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",model="face",le="1"} 1
        edgecloud_inference_duration_seconds_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",model="face",le="+Inf"} 2
        edgecloud_inference_duration_seconds_sum{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",model="face"} 7.5
        edgecloud_inference_duration_seconds_count{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",model="face"} 2
        # TYPE edgecloud_network_bytes_total counter
        edgecloud_network_bytes_total{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} 10
        # TYPE edgecloud_offset histogram
        edgecloud_offset_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="-1"} 1
        edgecloud_offset_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="0"} 1
        edgecloud_offset_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="1000000"} 1
        edgecloud_offset_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="+Inf"} 1
        edgecloud_offset_sum{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} -5
        edgecloud_offset_count{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} 1
        # TYPE edgecloud_rate_bytes_per_second_total counter
        edgecloud_rate_bytes_per_second_total{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} 1
        # TYPE edgecloud_temperature_celsius gauge
        edgecloud_temperature_celsius{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} +Inf
        edgecloud_temperature_celsius{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",_9th=""} NaN
        edgecloud_temperature_celsius{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="1"} 1E-07

        """;

    public const string OpenMetrics = """
        # TYPE target info
        # HELP target Target metadata
        target_info{service_name="edge \"one\"",host_cores="2"} 1
        # TYPE edgecloud_devices_online gauge
        edgecloud_devices_online{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} -2
        # TYPE edgecloud_energy_joules counter
        # UNIT edgecloud_energy_joules joules
        # HELP edgecloud_energy_joules Energy spent
        edgecloud_energy_joules_total{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} 0.016
        edgecloud_energy_joules_created{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} T
        # TYPE edgecloud_frames counter
        # HELP edgecloud_frames Frames \"decoded\"\nat the edge, C:\\frames
        edgecloud_frames_total{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",device_id="edge-1",ok="true"} 2
        edgecloud_frames_created{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",device_id="edge-1",ok="true"} T
        edgecloud_frames_total{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",device_id="quote\" slash\\ line\n ünï;other",weight="0.25"} 1
        edgecloud_frames_created{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",device_id="quote\" slash\\ line\n ünï;other",weight="0.25"} T
        # TYPE edgecloud_inference_duration_seconds histogram
        # UNIT edgecloud_inference_duration_seconds seconds
        # HELP edgecloud_inference_duration_seconds Time per frame
        edgecloud_inference_duration_seconds_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="0.005"} 1
        edgecloud_inference_duration_seconds_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="0.1"} 1
        edgecloud_inference_duration_seconds_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="1.0"} 1
        edgecloud_inference_duration_seconds_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="+Inf"} 1
        edgecloud_inference_duration_seconds_sum{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} 0.004
        edgecloud_inference_duration_seconds_count{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} 1
        edgecloud_inference_duration_seconds_created{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} T
        edgecloud_inference_duration_seconds_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",model="face",le="0.005"} 0
        edgecloud_inference_duration_seconds_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",model="face",le="0.1"} 0
        edgecloud_inference_duration_seconds_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",model="face",le="1.0"} 1
        edgecloud_inference_duration_seconds_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",model="face",le="+Inf"} 2
        edgecloud_inference_duration_seconds_sum{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",model="face"} 7.5
        edgecloud_inference_duration_seconds_count{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",model="face"} 2
        edgecloud_inference_duration_seconds_created{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",model="face"} T
        # TYPE edgecloud_network_bytes counter
        # UNIT edgecloud_network_bytes bytes
        edgecloud_network_bytes_total{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} 10
        edgecloud_network_bytes_created{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} T
        # TYPE edgecloud_offset histogram
        edgecloud_offset_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="-1.0"} 1
        edgecloud_offset_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="0.0"} 1
        edgecloud_offset_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="1e+06"} 1
        edgecloud_offset_bucket{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="+Inf"} 1
        edgecloud_offset_created{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} T
        # TYPE edgecloud_rate_bytes_per_second counter
        # UNIT edgecloud_rate_bytes_per_second bytes_per_second
        edgecloud_rate_bytes_per_second_total{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} 1
        edgecloud_rate_bytes_per_second_created{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} T
        # TYPE edgecloud_temperature_celsius gauge
        # UNIT edgecloud_temperature_celsius celsius
        edgecloud_temperature_celsius{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision"} +Inf
        edgecloud_temperature_celsius{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",_9th=""} NaN
        edgecloud_temperature_celsius{otel_scope_name="M",otel_scope_version="1.0",otel_scope_team="vision",le="1"} 1E-07
        # EOF

        """;
}
