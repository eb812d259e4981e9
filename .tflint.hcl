# The rules of tflint's bundled Terraform ruleset; it downloads nothing.
plugin "terraform" {
  enabled = true
  preset  = "all"
}
