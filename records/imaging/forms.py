"""What a manifest and a preview may be asked for."""

from django import forms


class ManifestForm(forms.Form):
    """?first=: with the preview that is looked at first, a JPEG of that quality."""

    first = forms.IntegerField(min_value=20, max_value=95, required=False)


class PreviewForm(forms.Form):
    """?size=&quality=&centre=&width=: all optional, all bounded."""

    size = forms.IntegerField(min_value=32, max_value=1024, required=False)
    quality = forms.IntegerField(min_value=20, max_value=95, required=False)
    centre = forms.FloatField(min_value=-1e6, max_value=1e6, required=False)
    width = forms.FloatField(min_value=1, max_value=1e6, required=False)
